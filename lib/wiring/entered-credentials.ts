import type { EnteredCredentials } from '#lib/adapters/oci-registry/index.ts'
import { openSealed, registryBinding } from '#lib/core/credential/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { KnownSecrets } from '#lib/core/redact/index.ts'
import type { Log } from '#lib/ports/log.ts'
import type { Store } from '#lib/ports/store/index.ts'

/**
 * Registry credentials of the settings page, opened with the worker's key. They are read again each time, so that nothing
 * needs a restart. One that cannot be opened (another worker key) counts as absent, and the log says so.
 */
export function enteredCredentials(
  store: Pick<Store, 'listRegistryCredentials'>,
  seed: string,
  secrets: KnownSecrets,
  log: Log,
): (purpose: 'pull' | 'push') => Promise<EnteredCredentials[]> {
  const key = Buffer.from(seed, 'base64url')
  return async (purpose) => {
    const records = (await store.listRegistryCredentials()).filter((record) => record.purpose === purpose)
    return records.flatMap((record) => {
      const { host, path, username } = record
      try {
        const password = openSealed(key, record.sealed, registryBinding(record))
        secrets.add(`registry ${record.id}`, [password])
        return { host, path, username, password }
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        log.warn('a registry credential cannot be opened', { host, path, purpose })
        return []
      }
    })
  }
}
