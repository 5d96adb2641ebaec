/** How often a password may be tried in vain before one has to wait, and for how long. Times in milliseconds. */
export interface ThrottleLimits {
  /** Failures that cost nothing. */
  free: number
  /** The first wait; each further failure doubles it. */
  firstMs: number
  longestMs: number
  /** After so long without a failure all is forgotten. */
  forgetMs: number
}

const minuteMs = 60_000

/** Somebody who knows the address of another can make them wait, so never for longer than a quarter of an hour. */
export const accountLimits: ThrottleLimits = {
  free: 5,
  firstMs: 2000,
  longestMs: 15 * minuteMs,
  forgetMs: 24 * 60 * minuteMs,
}

/** An office may stand behind one address. */
export const addressLimits: ThrottleLimits = { ...accountLimits, free: 30, longestMs: 60 * minuteMs }

interface Seen {
  failures: number
  lastAt: number
}

/** Milliseconds until the next try is looked at; 0 = now. */
export function waitMs(limits: ThrottleLimits, seen: Seen | undefined, now: number): number {
  if (!seen || seen.failures < limits.free || now - seen.lastAt >= limits.forgetMs) return 0
  const whole = Math.min(limits.longestMs, limits.firstMs * 2 ** (seen.failures - limits.free))
  return Math.max(0, whole - Math.max(0, now - seen.lastAt))
}

/** One more failure. Written down before the password is looked at, so that many tries at once count as many. */
export function oneMoreFailure(limits: ThrottleLimits, seen: Seen | undefined, now: number): Seen {
  const before = seen && now - seen.lastAt < limits.forgetMs ? seen.failures : 0
  return { failures: before + 1, lastAt: now }
}

/** It was none after all. */
export function oneFailureLess(seen: Seen | undefined): Seen | undefined {
  return seen && seen.failures > 1 ? { ...seen, failures: seen.failures - 1 } : undefined
}
