'use client'

import { absoluteTime } from '../ui/time.ts'
import { splitTimes, timeWords } from './split-times.ts'
import { useNow } from '../ui/use-now.ts'

/** A sentence of the server's with its instants in the reader's clock; the exact time on hover. */
export function TimedText({ text }: { text: string }) {
  const now = useNow(60_000)
  return splitTimes(text).map((part, at) =>
    typeof part === 'string' ? (
      part
    ) : (
      <time
        key={at}
        dateTime={new Date(part).toISOString()}
        title={absoluteTime(part)}
        className="whitespace-nowrap"
        suppressHydrationWarning
      >
        {timeWords(part, now)}
      </time>
    ),
  )
}
