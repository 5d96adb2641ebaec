import type { PersonRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

export interface ShownPerson extends PersonRecord {
  hasPassword: boolean
}

export async function listPeople(
  deps: { store: Pick<Store, 'listPeople' | 'withPassword'> },
  caller: Caller,
): Promise<{ items: ShownPerson[] }> {
  ask(caller, 'people:read')
  const [people, known] = await Promise.all([deps.store.listPeople(), deps.store.withPassword()])
  return { items: people.map((person) => ({ ...person, hasPassword: known.has(person.id) })) }
}
