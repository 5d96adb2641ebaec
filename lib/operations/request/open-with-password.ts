import {
  accountLimits,
  addressLimits,
  oneFailureLess,
  oneMoreFailure,
  waitMs,
  type ThrottleLimits,
} from '#lib/core/access/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { PersonRecord } from '#lib/ports/store/index.ts'
import { openSession, type Client, type OpenedSession, type SignInDeps } from './open-session.ts'

/**
 * Signs in with e-mail and password. Unknown, disabled and wrong are one answer after one and the same time. Throws
 * `unauthenticated`, `rate-limited` with the time to wait.
 */
export async function openWithPassword(
  deps: SignInDeps,
  given: { email: string; password: string },
  client: Client,
): Promise<OpenedSession> {
  const email = given.email.trim().toLowerCase()
  await countTry(deps, email, client)
  const person = await deps.store.findPersonByEmail(email)
  const known = person && person.disabledAt === undefined ? await deps.store.passwordOf(person.id) : undefined
  const fits = await deps.passwords.verify(given.password, known)
  if (!fits || !person) {
    if (person) await noteRefusal(deps, person, client)
    throw new Fault('unauthenticated', 'E-mail and password do not fit together.', {
      suggestion: 'Try again; whoever has forgotten it asks an administrator for a new link.',
    })
  }
  await forgetTries(deps, email, client)
  return deps.store.transaction((store) => openSession(deps, store, person, 'password', client))
}

/** What an address that nobody knows is counted under. */
const unknownAddress = 'unknown'

/** E-mails are hashed: what strangers type is not kept. */
const keysOf = (deps: SignInDeps, email: string, { address }: Client) => ({
  account: `account ${deps.hashSecret(email)}`,
  address: `address ${address || unknownAddress}`,
})

/** Counts the try as a failure before it is looked at, so that many at once are many. Throws `rate-limited`. */
async function countTry(deps: SignInDeps, email: string, client: Client): Promise<void> {
  const keys = keysOf(deps, email, client)
  await countOne(deps, keys.address, addressLimits)
  await countOne(deps, keys.account, accountLimits)
}

async function countOne(deps: SignInDeps, key: string, limits: ThrottleLimits): Promise<void> {
  const now = deps.clock.now()
  let wait = 0
  await deps.store.changeThrottle(key, (seen) => {
    wait = waitMs(limits, seen, now)
    return wait > 0 ? seen : oneMoreFailure(limits, seen, now)
  })
  if (wait > 0) throw tooMany(wait)
}

async function forgetTries(deps: SignInDeps, email: string, client: Client): Promise<void> {
  const keys = keysOf(deps, email, client)
  await deps.store.changeThrottle(keys.account, () => undefined)
  await deps.store.changeThrottle(keys.address, oneFailureLess)
}

async function noteRefusal(deps: SignInDeps, person: PersonRecord, { address }: Client): Promise<void> {
  const entry = { at: deps.clock.now(), kind: 'session.refused', actor: person.email, subject: person.id }
  await deps.store.record([{ ...entry, data: { way: 'password', address } }])
}

function tooMany(wait: number): Fault {
  const seconds = Math.ceil(wait / 1000)
  const time = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`
  return new Fault('rate-limited', `Too many tries with a wrong password. The next one is looked at in ${time}.`, {
    retryable: true,
    retryAfterMs: wait,
    suggestion: 'Wait, sign in another way, or ask an administrator for a new link.',
  })
}
