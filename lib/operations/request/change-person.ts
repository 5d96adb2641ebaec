import { keepsAnAdmin } from '#lib/core/access/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { PersonRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { RequestDeps } from './run-command.ts'

type Roles = PersonRecord['roles']

/**
 * What a person may from now on, in place of what they might. Throws `not-found`, `conflict` for the last
 * administrator, and where groups of a provider give the roles.
 */
export async function setRoles(deps: RequestDeps, caller: Caller, id: string, roles: Roles): Promise<PersonRecord> {
  return change(deps, caller, id, async (store, person, entry) => {
    const provider = person.rolesFrom === undefined ? undefined : await store.getProvider(person.rolesFrom)
    if (provider) {
      throw new Fault('conflict', `The roles of ${person.name} come from the groups of ${provider.name}.`, {
        suggestion: `Change the groups there, or which roles they give at Settings → Sign-in.`,
      })
    }
    const changed = { ...person, roles }
    await store.savePerson(changed)
    await store.record([{ ...entry, kind: 'person.roles', data: { before: person.roles, after: roles } }])
    return changed
  })
}

/** A disabled person cannot come in by any way, and is out at once; what they did stays. */
export async function disablePerson(deps: RequestDeps, caller: Caller, id: string): Promise<PersonRecord> {
  return change(deps, caller, id, async (store, person, entry) => {
    if (person.disabledAt !== undefined) return person
    const changed = { ...person, disabledAt: entry.at }
    await store.savePerson(changed)
    await store.removeSignInLinks(id)
    const sessionsEnded = await store.endSessions(id)
    await store.record([{ ...entry, kind: 'person.disabled', data: { sessionsEnded } }])
    return changed
  })
}

export async function enablePerson(deps: RequestDeps, caller: Caller, id: string): Promise<PersonRecord> {
  return change(deps, caller, id, async (store, person, entry) => {
    if (person.disabledAt === undefined) return person
    const changed = { ...person, disabledAt: undefined }
    await store.savePerson(changed)
    await store.record([{ ...entry, kind: 'person.enabled', data: { disabledAt: person.disabledAt } }])
    return changed
  })
}

/** With sessions, links and tokens; the audit trail keeps their e-mail. */
export async function removePerson(deps: RequestDeps, caller: Caller, id: string): Promise<{ removed: true }> {
  await change(deps, caller, id, async (store, person, entry) => {
    await store.removePerson(id)
    const data = { before: { email: person.email, name: person.name, roles: person.roles } }
    await store.record([{ ...entry, kind: 'person.removed', data }])
    return undefined
  })
  return { removed: true }
}

interface Entry {
  at: number
  actor: string
  subject: string
}

/** One change at a time, so that two administrators cannot take each other's role; nothing happens where it would be the last. */
async function change<After extends PersonRecord | undefined>(
  deps: RequestDeps,
  caller: Caller,
  id: string,
  make: (store: Store, person: PersonRecord, entry: Entry) => Promise<After>,
): Promise<After> {
  ask(caller, 'people:write')
  const at = deps.clock.now()
  return deps.store.transaction(async (store) => {
    const people = await store.holdPeople()
    const person = people.find((candidate) => candidate.id === id)
    if (!person) throw new Fault('not-found', 'There is nobody with this id.')
    const after = await make(store, person, { at, actor: caller.email, subject: person.email })
    if (!keepsAnAdmin(people, id, after)) {
      throw new Fault('conflict', `${person.name} is the last administrator.`, {
        suggestion: 'Give somebody else the role admin in all environments first.',
      })
    }
    return after
  })
}
