'use client'

import { duration } from './time.ts'
import { useNow } from './use-now.ts'

/** From `from` to `to`, or still counting. Milliseconds since the epoch. */
export function Duration({ from, to, className }: { from: number; to?: number; className?: string }) {
  const now = useNow(to === undefined ? 1000 : 3_600_000)
  return (
    <span className={className} suppressHydrationWarning>
      {duration((to ?? now) - from)}
    </span>
  )
}
