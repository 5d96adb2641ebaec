const longest = 15 * 60_000

/**
 * Milliseconds that a Retry-After header asks to wait, as seconds or as a date (RFC 9110 §10.2.3), at most 15 min.
 * undefined where there is no such header or it makes no sense.
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const text = header.trim()
  const asked = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  if (Number.isNaN(asked)) return undefined
  return Math.min(longest, Math.max(0, Math.ceil(asked)))
}
