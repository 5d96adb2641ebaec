import type { AlertVerdict } from '#lib/core/alert/index.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'memory' | 'wakeups'>

/**
 * Makes the open alerts of one scope (a prefix of their keys) what the verdict says: opens and updates the wanted, leaves
 * the kept as they are, recovers all others. Where nothing is wanted and nothing is open it asks nobody.
 */
export async function settleAlerts(deps: Deps, scope: string, { wanted, kept }: AlertVerdict): Promise<void> {
  const { openAlerts } = deps.memory
  const staying = new Set([...wanted.map(({ key }) => key), ...kept])
  const over = [...openAlerts].filter((key) => key.startsWith(scope) && !staying.has(key))
  const fresh = wanted.some(({ key }) => !openAlerts.has(key))
  for (const alert of wanted) {
    await deps.store.openAlert(alert, deps.clock.now())
    openAlerts.add(alert.key)
  }
  for (const key of over) {
    await deps.store.recoverAlert(key, deps.clock.now())
    openAlerts.delete(key)
  }
  if (fresh || over.length > 0) deps.wakeups.wake('outbox')
}
