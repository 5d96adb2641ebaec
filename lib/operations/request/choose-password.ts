import { passwordProblem } from '#lib/core/access/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { PersonRecord } from '#lib/ports/store/index.ts'
import { openSession, type Client, type OpenedSession, type SignInDeps } from './open-session.ts'

/** Whom a link to choose a password is for; the link stays good. Throws `unauthenticated`. */
export async function getPasswordLink(deps: SignInDeps, link: string): Promise<PersonRecord> {
  const person = await deps.store.findSignInLink(deps.hashSecret(link), deps.clock.now(), 'password')
  if (!person) throw spent()
  return person
}

/**
 * Uses up a link to choose a password, ends every session there was, and signs in. A password that will not do leaves the
 * link as it is. Throws `unauthenticated`, `invalid`.
 */
export async function choosePassword(
  deps: SignInDeps,
  given: { link: string; password: string; name?: string },
  client: Client,
): Promise<OpenedSession> {
  const now = deps.clock.now()
  const hash = deps.hashSecret(given.link)
  const found = await getPasswordLink(deps, given.link)
  checkPassword(given.password, { ...found, name: given.name ?? found.name })
  const encoded = await deps.passwords.hash(given.password)
  return deps.store.transaction(async (store) => {
    const person = await store.useSignInLink(hash, now, 'password')
    if (!person) throw spent()
    const named = given.name ? { ...person, name: given.name } : person
    if (given.name) await store.savePerson(named)
    await store.setPassword(person.id, encoded)
    const ended = await store.endSessions(person.id)
    await store.record([
      { at: now, kind: 'password.chosen', actor: person.email, subject: person.email, data: { sessionsEnded: ended } },
    ])
    return openSession(deps, store, named, 'password', client)
  })
}

/** Throws `invalid` with what is wrong. */
export function checkPassword(password: string, owner: { email: string; name: string }): void {
  const problem = passwordProblem(password, owner)
  if (problem) throw new Fault('invalid', problem, { suggestion: 'A few unrelated words make a good one.' })
}

const spent = (): Fault =>
  new Fault('unauthenticated', 'This link was used already, or it is too old.', {
    suggestion: 'Ask an administrator for a new one.',
  })
