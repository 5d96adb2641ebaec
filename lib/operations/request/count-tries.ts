import { oneFailureLess, oneMoreFailure, waitMs, type ThrottleLimits } from '#lib/core/access/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { SignInStore } from '#lib/ports/store/index.ts'

interface Deps {
  store: Pick<SignInStore, 'changeThrottle'>
  clock: Clock
}

/** What an address that nobody knows is counted under. */
const unknownAddress = 'unknown'

export const addressKey = (address: string): string => `address ${address || unknownAddress}`

/**
 * Counts a try as a failure before it is looked at, so that many at once are many. Returns 0, or the milliseconds to wait,
 * and then nothing is counted.
 */
export async function countTry(deps: Deps, key: string, limits: ThrottleLimits): Promise<number> {
  const now = deps.clock.now()
  let wait = 0
  await deps.store.changeThrottle(key, (seen) => {
    wait = waitMs(limits, seen, now)
    return wait > 0 ? seen : oneMoreFailure(limits, seen, now)
  })
  return wait
}

/** The one that was counted was none. */
export async function takeBackTry(deps: Deps, key: string): Promise<void> {
  await deps.store.changeThrottle(key, oneFailureLess)
}

export async function forgetTries(deps: Deps, key: string): Promise<void> {
  await deps.store.changeThrottle(key, () => undefined)
}

export function tooManyTries(wait: number): Fault {
  const seconds = Math.ceil(wait / 1000)
  const time = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`
  return new Fault('rate-limited', `Too many tries with a wrong password. The next one is looked at in ${time}.`, {
    retryable: true,
    retryAfterMs: wait,
    suggestion: 'Wait, sign in another way, or ask an administrator for a new link.',
  })
}
