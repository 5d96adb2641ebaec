import type { AlertRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

const rank = (alert: AlertRecord) => (alert.recoveredAt === undefined ? 0 : 1)

/** Open ones first, each group newest first. */
export async function listAlerts(
  deps: { store: Pick<Store, 'listAlerts'> },
  caller: Caller,
  filter: { open?: boolean; limit?: number },
): Promise<{ items: AlertRecord[] }> {
  ask(caller, 'alerts:read')
  const alerts = await deps.store.listAlerts({ open: filter.open, limit: filter.limit ?? 200 })
  return { items: alerts.sort((a, b) => rank(a) - rank(b) || b.openedAt - a.openedAt) }
}
