'use client'

import { useNow } from './use-now.ts'
import { absoluteTime, relativeTime, withDirection } from './time.ts'

/** `4 min`, and the exact time on hover. `at` = milliseconds since the epoch. */
export function RelativeTime({ at, suffix = false, className }: { at: number; suffix?: boolean; className?: string }) {
  const now = useNow(10_000)
  const words = relativeTime(at, now)
  const text = suffix ? withDirection(words, at > now) : words
  return (
    <time dateTime={new Date(at).toISOString()} title={absoluteTime(at)} className={className} suppressHydrationWarning>
      {text}
    </time>
  )
}
