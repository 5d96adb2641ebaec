import type { SshAccess } from '#lib/adapters/git/index.ts'
import { deployKeyBinding, openSealed } from '#lib/core/credential/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { knownHostsLine, parseHostKey, privateKeyFile } from '#lib/core/ssh/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { Log } from '#lib/ports/log.ts'
import type { DeployKeyRecord, Store } from '#lib/ports/store/index.ts'

interface Deps {
  store: Store
  clock: Clock
  log: Log
  newId(prefix: string): string
}

/**
 * The deploy keys, the newest first, and the host keys that are pinned, as they are in the database at that moment: a
 * rotation needs no restart. The first key of a host is pinned when it is seen.
 */
export function sshAccess(deps: Deps, seed: string): SshAccess {
  const { store } = deps
  const own = Buffer.from(seed, 'base64url')
  return {
    async identity(key) {
      const [records, hosts] = await Promise.all([store.listDeployKeys(), store.listHostKeys()])
      const offered = records.filter(({ id }) => key === undefined || id === key).toReversed()
      return { keys: openAll(own, offered), knownHosts: hosts.map(knownHostsLine) }
    },
    async trusted(line) {
      try {
        await pinFirst(deps, line)
      } catch (error) {
        deps.log.warn('the key of a Git host could not be pinned', { error: String(error) })
      }
    },
  }
}

/** Throws Fault `invalid` where there are keys and none can be opened: they are of another worker key. */
function openAll(own: Buffer, records: readonly DeployKeyRecord[]): string[] {
  const opened = records.flatMap(({ id, sealed }) => {
    try {
      return [privateKeyFile(Buffer.from(openSealed(own, sealed, deployKeyBinding(id)), 'base64url'))]
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return []
    }
  })
  if (opened.length > 0 || records.length === 0) return opened
  throw new Fault('invalid', 'The deploy key cannot be opened with the key of this worker.', {
    suggestion: 'Give the worker its former key, or rotate the deploy key in Settings, Repository.',
  })
}

async function pinFirst({ store, clock, newId }: Deps, line: string): Promise<void> {
  const key = parseHostKey(line)
  const at = clock.now()
  await store.transaction(async (inner) => {
    const pinned = await inner.pinHostKey({ id: newId('hky'), ...key, pinnedAt: at, pinnedBy: undefined })
    if (!pinned) return
    const data = { type: key.type, fingerprint: key.fingerprint, seenFirst: true }
    await inner.record([{ at, kind: 'host-key.pinned', actor: 'wheelhouse', subject: key.host, data }])
  })
}
