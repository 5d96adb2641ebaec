import { z } from 'zod'

export const Name = z.string().regex(/^[a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?$/, 'is no name')
export const Reason = z.string().min(1).max(1_000)
/** As GitHub takes them: `ci/e2e`, `Build (linux)`. */
export const CheckName = z.string().trim().min(1, 'is no name of a check').max(200)
export const Instant = z.iso.datetime({ offset: true })

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 }

export const Duration = z
  .string({ error: 'is no duration such as 30m, 1h30m or 2d' })
  .regex(/^(\d{1,5}[dhms]){1,4}$/, 'is no duration such as 30m, 1h30m or 2d')

/** Milliseconds of a text that `Duration` takes. */
export function durationMs(text: string): number {
  const parts = text.matchAll(/(\d+)([dhms])/g)
  return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * units[unit as keyof typeof units], 0)
}
