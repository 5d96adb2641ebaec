import type { HostKeyRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

export async function listHostKeys(
  deps: { store: Pick<Store, 'listHostKeys'> },
  caller: Caller,
): Promise<{ items: HostKeyRecord[] }> {
  ask(caller, 'settings:read')
  return { items: await deps.store.listHostKeys() }
}
