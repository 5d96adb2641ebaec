const dayMs = 86_400_000

/** A session ends a week after its last use, and after a month whatever happens. */
export const sessionLife = { idleMs: 7 * dayMs, longestMs: 30 * dayMs } as const
