import type { RegistryCredentialRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

/** Without the password, sealed or not. */
export type ShownCredential = Omit<RegistryCredentialRecord, 'sealed'>

export function shownCredential(record: RegistryCredentialRecord): ShownCredential {
  const { id, host, path, purpose, username, createdAt, createdBy } = record
  return { id, host, path, purpose, username, createdAt, createdBy }
}

export async function listRegistryCredentials(
  deps: { store: Pick<Store, 'listRegistryCredentials'> },
  caller: Caller,
): Promise<{ items: ShownCredential[] }> {
  ask(caller, 'settings:read')
  return { items: (await deps.store.listRegistryCredentials()).map(shownCredential) }
}
