import { registryBinding } from '#lib/core/credential/index.ts'
import { parseImageRef } from '#lib/core/image/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { RegistryCredentialRecord } from '#lib/ports/store/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { shownCredential, type ShownCredential } from '../read/list-registry-credentials.ts'
import type { RequestDeps } from './run-command.ts'
import { sealForWorker, type SealDeps } from './seal-for-worker.ts'
import { scanHost, type ScanDeps } from './scan-host.ts'

type Deps = RequestDeps & SealDeps & ScanDeps

export interface GivenCredential {
  /** A host, or a host and the beginning of a repository's path. */
  registry: string
  purpose: RegistryCredentialRecord['purpose']
  username: string
  password: string
}

/**
 * Keeps a credential that only the worker can read, in place of the one there was for the same registry and purpose, and
 * has the images there looked at again. Throws Fault `invalid` for what is no registry.
 */
export async function saveRegistryCredential(
  deps: Deps,
  caller: Caller,
  given: GivenCredential,
): Promise<ShownCredential> {
  ask(caller, 'settings:write')
  const { host, path } = placeOf(given.registry)
  if (given.purpose === 'pull' && path !== '')
    throw new Fault('invalid', 'A credential to pull with is for a whole registry.', {
      suggestion: `Enter it for ${host}; only credentials to push with are for a path.`,
    })
  const id = deps.newId('rcr')
  const sealed = await sealForWorker(deps, given.password, registryBinding({ id, host }))
  const { purpose, username } = given
  const createdAt = deps.clock.now()
  const record = { id, host, path, purpose, username, sealed, createdAt, createdBy: caller.email }
  await deps.store.transaction(async (store) => {
    await store.saveRegistryCredential(record)
    const data = { host, path, purpose, username }
    await store.record([{ at: createdAt, kind: 'registry-credential.saved', actor: caller.email, subject: host, data }])
  })
  await scanHost(deps, host)
  return shownCredential(record)
}

/** `host`, `host/path` or a Docker Hub name, as images name them. */
function placeOf(registry: string): { host: string; path: string } {
  const text = registry
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/+$/, '')
  const hostAlone = !text.includes('/')
  const ref = parseImageRef(hostAlone ? `${text}/x/x` : text.split('/').length === 2 ? `${text}/x` : text)
  if (!ref || ref.tag !== undefined || ref.digest !== undefined)
    throw new Fault('invalid', `${JSON.stringify(registry.slice(0, 100))} is no registry.`, {
      suggestion: 'Give its host, such as ghcr.io, or host and path, such as ghcr.io/acme/podinfo.',
    })
  if (hostAlone) return { host: ref.host, path: '' }
  return { host: ref.host, path: text.split('/').length === 2 ? ref.path.replace(/\/x$/, '') : ref.path }
}
