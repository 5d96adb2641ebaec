import { Fault } from '#lib/core/fault/index.ts'
import type { PersonRecord } from '#lib/ports/store/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { SignInDeps } from './open-session.ts'

const hourMs = 3_600_000
const invitationMs = 7 * 24 * hourMs
const resetMs = 24 * hourMs

/** A link that lets its holder choose the password of a person; told once. */
export interface PasswordLink {
  link: string
  /** Milliseconds since the epoch. */
  expiresAt: number
}

/** A person who may come in by the link, within a week. Throws `conflict` for an e-mail that is known. */
export async function invitePerson(
  deps: SignInDeps,
  caller: Caller,
  wanted: Pick<PersonRecord, 'email' | 'name' | 'roles'>,
): Promise<PasswordLink & { person: PersonRecord }> {
  ask(caller, 'people:write')
  const at = deps.clock.now()
  const person: PersonRecord = { id: deps.newId('per'), ...wanted, email: wanted.email.toLowerCase(), createdAt: at }
  const made = newLink(deps, at + invitationMs)
  await deps.store.transaction(async (store) => {
    await store.holdPeople()
    const known = await store.findPersonByEmail(person.email)
    if (known) {
      throw new Fault('conflict', `${known.email} is here already.`, {
        suggestion: known.disabledAt === undefined ? 'Change their roles instead.' : 'Enable them again instead.',
      })
    }
    await store.savePerson(person)
    await store.saveSignInLink(made.hash, person.id, made.expiresAt, 'password')
    const data = { after: { email: person.email, name: person.name, roles: person.roles } }
    await store.record([{ at, kind: 'person.invited', actor: caller.email, subject: person.email, data }])
  })
  return { person, link: made.link, expiresAt: made.expiresAt }
}

/** A new link in place of those there were; the password there is works until another is chosen. Throws `not-found`. */
export async function makePasswordLink(deps: SignInDeps, caller: Caller, id: string): Promise<PasswordLink> {
  ask(caller, 'people:write')
  const at = deps.clock.now()
  const made = newLink(deps, at + resetMs)
  await deps.store.transaction(async (store) => {
    const person = await store.getPerson(id)
    if (!person) throw new Fault('not-found', 'There is nobody with this id.')
    if (person.disabledAt !== undefined) {
      throw new Fault('conflict', `${person.name} is disabled.`, { suggestion: 'Enable them first.' })
    }
    await store.removeSignInLinks(id)
    await store.saveSignInLink(made.hash, id, made.expiresAt, 'password')
    const data = { expiresAt: made.expiresAt }
    await store.record([{ at, kind: 'password.link-made', actor: caller.email, subject: person.email, data }])
  })
  return { link: made.link, expiresAt: made.expiresAt }
}

function newLink(deps: SignInDeps, expiresAt: number): PasswordLink & { hash: string } {
  const { secret, hash } = deps.newSecret()
  return { link: `${deps.webUrl}/sign-in/password?link=${secret}`, hash, expiresAt }
}
