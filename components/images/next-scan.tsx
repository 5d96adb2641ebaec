'use client'

import { RelativeTime } from '../ui/relative-time.tsx'
import { useNow } from '../ui/use-now.ts'

/** `in 4 min`, or `due` as soon as it is. */
export function NextScan({ at }: { at: number }) {
  const now = useNow(10_000)
  return at <= now ? 'due' : <RelativeTime at={at} suffix />
}
