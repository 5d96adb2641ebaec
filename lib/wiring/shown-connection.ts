import type { Config } from '#lib/config/config.ts'
import { withoutCredentials } from '#lib/operations/read/facts.ts'
import type { ShownConfig } from '#lib/operations/read/shown-config.ts'
import type { Log } from '#lib/ports/log.ts'
import type { Store } from '#lib/ports/store/index.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'

type Connection = Pick<ShownConfig, 'repository' | 'branch' | 'defaultMode' | 'source'>

/**
 * Which repository the pages speak of: that of the environment, else the one that was connected on a page, followed as it
 * changes. What a page connects is observed first, whatever the environment says.
 */
export async function shownConnection(
  config: Config,
  store: Pick<Store, 'getConnection'>,
  wakeups: Pick<Wakeups, 'on'>,
  log: Log,
): Promise<{ current(): Connection; refresh(): Promise<void> }> {
  const { repository, branch, defaultMode } = config
  if (repository !== undefined) {
    const fixed = { repository: withoutCredentials(repository), branch, defaultMode, source: 'environment' as const }
    return { current: () => fixed, refresh: () => Promise.resolve() }
  }
  let shown: Connection = { repository: undefined, branch, defaultMode, source: 'none' }
  const refresh = async () => {
    const record = await store.getConnection()
    shown = record
      ? {
          repository: withoutCredentials(record.url),
          branch: record.branch,
          defaultMode: 'observe',
          source: 'settings',
        }
      : { repository: undefined, branch, defaultMode, source: 'none' }
  }
  const tryRefresh = () =>
    refresh().catch((error: unknown) => log.warn('the connected repository could not be read', { error }))
  wakeups.on('connection', () => void tryRefresh())
  await tryRefresh()
  return { current: () => shown, refresh }
}
