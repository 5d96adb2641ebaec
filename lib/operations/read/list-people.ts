import type { PersonRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

export interface ShownPerson extends PersonRecord {
  hasPassword: boolean
}

/** With the name of whoever gives the roles in place of its id. */
export async function listPeople(
  deps: { store: Pick<Store, 'listPeople' | 'withPassword' | 'listProviders'> },
  caller: Caller,
): Promise<{ items: ShownPerson[] }> {
  ask(caller, 'people:read')
  const { store } = deps
  const [people, known, providers] = await Promise.all([
    store.listPeople(),
    store.withPassword(),
    store.listProviders(),
  ])
  const nameOf = new Map(providers.map(({ id, name }) => [id, name]))
  const items = people.map((person) => ({
    ...person,
    hasPassword: known.has(person.id),
    rolesFrom: person.rolesFrom === undefined ? undefined : nameOf.get(person.rolesFrom),
  }))
  return { items }
}
