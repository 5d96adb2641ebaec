import { Fault } from '#lib/core/fault/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { RequestDeps } from './run-command.ts'
import { scanHost, type ScanDeps } from './scan-host.ts'

/** Forgets a credential; the registry is asked without it from then on. Throws `not-found`. */
export async function removeRegistryCredential(
  deps: RequestDeps & ScanDeps,
  caller: Caller,
  id: string,
): Promise<{ removed: true }> {
  ask(caller, 'settings:write')
  const known = (await deps.store.listRegistryCredentials()).find((record) => record.id === id)
  if (!known) throw new Fault('not-found', 'There is no such credential.')
  const { host, path, purpose, username } = known
  await deps.store.transaction(async (store) => {
    await store.removeRegistryCredential(id)
    const data = { host, path, purpose, username }
    const at = deps.clock.now()
    await store.record([{ at, kind: 'registry-credential.removed', actor: caller.email, subject: host, data }])
  })
  await scanHost(deps, host)
  return { removed: true }
}
