import { matchesSilence } from '#lib/core/notification/index.ts'
import type { AlertRecord, SilenceRecord, Store } from '#lib/ports/store/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

const rank = (alert: AlertRecord) => (alert.recoveredAt === undefined ? 0 : 1)

/** An incident and, if nobody is told of it now, until when. */
export interface ShownAlert extends AlertRecord {
  silencedUntil?: number
}

/** Open ones first, each group newest first. Those that are over alone come in pages. */
export async function listAlerts(
  deps: { store: Pick<Store, 'listAlerts' | 'listRecovered' | 'listSilences'>; clock: Clock },
  caller: Caller,
  filter: { open?: boolean; after?: string; limit?: number },
): Promise<{ items: ShownAlert[]; next?: string }> {
  ask(caller, 'alerts:read')
  if (filter.open === false) return deps.store.listRecovered({ after: filter.after, limit: filter.limit ?? 50 })
  const [alerts, silences] = await Promise.all([
    deps.store.listAlerts({ open: filter.open, limit: filter.limit ?? 200 }),
    deps.store.listSilences({ inForceAt: deps.clock.now(), limit: 500 }),
  ])
  const items = alerts.sort((a, b) => rank(a) - rank(b) || b.openedAt - a.openedAt)
  return { items: items.map((alert) => shown(alert, silences)) }
}

function shown(alert: AlertRecord, silences: readonly SilenceRecord[]): ShownAlert {
  const ends = silences.filter((silence) => matchesSilence(silence, alert)).map(({ until }) => until)
  return alert.recoveredAt !== undefined || ends.length === 0 ? alert : { ...alert, silencedUntil: Math.max(...ends) }
}
