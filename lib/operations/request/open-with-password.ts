import { accountLimits, addressLimits } from '#lib/core/access/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { PersonRecord } from '#lib/ports/store/index.ts'
import { addressKey, countTry, forgetTries, takeBackTry, tooManyTries } from './count-tries.ts'
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
  // Hashed: what strangers type is not kept.
  const account = `account ${deps.hashSecret(email)}`
  const wait =
    (await countTry(deps, addressKey(client.address), addressLimits)) || (await countTry(deps, account, accountLimits))
  if (wait > 0) throw tooManyTries(wait)
  const person = await deps.store.findPersonByEmail(email)
  const known = person && person.disabledAt === undefined ? await deps.store.passwordOf(person.id) : undefined
  const fits = await deps.passwords.verify(given.password, known)
  if (!fits || !person) {
    if (person) await noteRefusal(deps, person, client)
    throw new Fault('unauthenticated', 'E-mail and password do not fit together.', {
      suggestion: 'Try again; whoever has forgotten it asks an administrator for a new link.',
    })
  }
  await forgetTries(deps, account)
  await takeBackTry(deps, addressKey(client.address))
  return deps.store.transaction((store) => openSession(deps, store, person, 'password', client))
}

async function noteRefusal(deps: SignInDeps, person: PersonRecord, { address }: Client): Promise<void> {
  const entry = { at: deps.clock.now(), kind: 'session.refused', actor: person.email, subject: person.email }
  await deps.store.record([{ ...entry, data: { way: 'password', address } }])
}
