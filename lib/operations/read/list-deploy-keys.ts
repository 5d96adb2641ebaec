import type { DeployKeyRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

/** Without the private half, sealed or not. */
export type ShownDeployKey = Omit<DeployKeyRecord, 'sealed'> & { use: 'current' | 'next' }

/** The one in use, and the one that is to take its place. */
export async function listDeployKeys(
  deps: { store: Pick<Store, 'listDeployKeys'> },
  caller: Caller,
): Promise<{ items: ShownDeployKey[] }> {
  ask(caller, 'settings:read')
  const [current, ...next] = (await deps.store.listDeployKeys()).map(publicHalf)
  const following = next.map((key) => ({ ...key, use: 'next' as const }))
  return { items: current ? [{ ...current, use: 'current' }, ...following] : [] }
}

const publicHalf = ({ id, publicKey, fingerprint, createdAt, createdBy, authenticatedAt }: DeployKeyRecord) => {
  return { id, publicKey, fingerprint, createdAt, createdBy, authenticatedAt }
}
