import { setTimeout as delay } from 'node:timers/promises'
import { WorldProblem } from './world-problem.ts'

/**
 * Asks until `check` answers something other than undefined or false, and returns that.
 * A check that throws counts as not yet; after `timeoutMs` a `WorldProblem` names `what` and the last error.
 */
export async function waitUntil<T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  options: { timeoutMs?: number; everyMs?: number; signal?: AbortSignal } = {},
): Promise<T> {
  const { timeoutMs = 60_000, everyMs = 50, signal } = options
  const deadline = performance.now() + timeoutMs
  let last: unknown
  for (;;) {
    signal?.throwIfAborted()
    try {
      const answer = await check()
      if (answer !== undefined && answer !== false) return answer
      last = undefined
    } catch (cause) {
      if (cause instanceof WorldProblem) throw cause
      last = cause
    }
    if (performance.now() > deadline) {
      const reason = last instanceof Error ? `: ${last.message}` : ''
      throw new WorldProblem(`${what}: not within ${Math.round(timeoutMs / 1000)} s${reason}`, { cause: last })
    }
    await delay(everyMs, undefined, { signal })
  }
}
