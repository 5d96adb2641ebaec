import type { PersonRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

export async function listPeople(
  deps: { store: Pick<Store, 'listPeople'> },
  caller: Caller,
): Promise<{ items: PersonRecord[] }> {
  ask(caller, 'people:read')
  return { items: await deps.store.listPeople() }
}
