import type { AlertVerdict, WantedAlert } from '#lib/core/alert/index.ts'
import type { AlertRecord, NewAudit } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'memory' | 'wakeups'>

/**
 * Makes the open alerts of one scope (a prefix of their keys) what the verdict says: opens and updates the wanted, leaves
 * the kept as they are, recovers all others. Where nothing is wanted and nothing is open it asks nobody. What is opened and
 * what is over stands in the audit trail.
 */
export async function settleAlerts(deps: Deps, scope: string, { wanted, kept }: AlertVerdict): Promise<void> {
  const { openAlerts } = deps.memory
  const staying = new Set([...wanted.map(({ key }) => key), ...kept])
  const over = [...openAlerts].filter((key) => key.startsWith(scope) && !staying.has(key))
  let changed = false
  for (const alert of wanted) {
    if (await open(deps, alert)) changed = true
    openAlerts.add(alert.key)
  }
  for (const key of over) {
    if (await recover(deps, key)) changed = true
    openAlerts.delete(key)
  }
  if (!changed) return
  deps.wakeups.wake('outbox')
  deps.wakeups.wake('notify')
}

/** Returns whether anything differs from before. */
async function open({ store, clock, memory }: Deps, wanted: WantedAlert): Promise<boolean> {
  const application = wanted.release === undefined ? undefined : memory.releases.get(wanted.release)?.application
  const content = { ...wanted, application }
  if (memory.openAlerts.has(wanted.key)) return (await store.openAlert(content, clock.now())).change !== 'none'
  return store.transaction(async (inner) => {
    const { alert, change } = await inner.openAlert(content, clock.now())
    if (change === 'opened') await inner.record([auditOf(alert, 'alert.opened', clock.now())])
    return change !== 'none'
  })
}

async function recover({ store, clock }: Deps, key: string): Promise<boolean> {
  return store.transaction(async (inner) => {
    const alert = await inner.recoverAlert(key, clock.now())
    if (alert) await inner.record([auditOf(alert, 'alert.recovered', clock.now())])
    return alert !== undefined
  })
}

function auditOf(alert: AlertRecord, kind: string, at: number): NewAudit {
  const { release, environment, title, severity } = alert
  return {
    at,
    kind,
    actor: 'automation',
    subject: release ?? alert.key.trim(),
    environment,
    release,
    reason: title,
    data: { alert: alert.id, condition: alert.kind, severity },
  }
}
