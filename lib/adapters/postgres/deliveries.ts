import type { DeliveryRecord, NotificationRecord, NotificationStore } from '../../ports/store/index.ts'
import { toAlert } from './alerts.ts'
import { date, decodeCursor, encodeCursor, jsonOrNull, ms, page, pageSize, read, readOrNothing } from './columns.ts'
import type { Delivery, Notification } from './generated/client.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

type DeliveryStore = Pick<NotificationStore, 'incidentsFor' | 'saveNotification' | 'saveDelivery' | 'listDeliveries'>

/** What channels were told, and every attempt at it. */
export function deliveryStore(session: Session): DeliveryStore {
  const { db, clock } = session
  return {
    async incidentsFor(channel) {
      const open = { OR: [{ toldState: null }, { toldState: { not: 'recovered' } }] }
      const known = await db.notification.findMany({ where: { channel, ...open } })
      const byAlert = new Map(known.map((row) => [row.alert, row]))
      const alerts = await db.alert.findMany({
        where: { OR: [{ recoveredAt: null }, { id: { in: [...byAlert.keys()] } }] },
        orderBy: [{ openedAt: 'asc' }, { id: 'asc' }],
      })
      return alerts.map((row) => {
        const told = byAlert.get(row.id)
        return { alert: toAlert(row), known: told && toNotification(told) }
      })
    },
    async saveNotification({ alert, channel, told, handle }) {
      const columns = {
        toldState: told?.state ?? null,
        toldVersion: told?.version ?? null,
        handle: jsonOrNull(handle),
      }
      const where = { alert_channel: { alert, channel } }
      await db.notification.upsert({ where, create: { alert, channel, ...columns }, update: columns })
    },
    async saveDelivery({ id, ...delivery }) {
      const columns = {
        channel: delivery.channel,
        alert: delivery.alert ?? null,
        at: date(delivery.at),
        what: delivery.what,
        outcome: delivery.outcome,
        reason: delivery.reason ?? null,
        tookMs: delivery.tookMs ?? null,
      }
      await session.atomically(async (tx) => {
        await tx.delivery.upsert({ where: { id }, create: { id, ...columns }, update: columns })
        if (delivery.outcome !== 'sending') await announce(tx, 'alerts', delivery.alert ?? '', clock.now())
      })
    },
    async listDeliveries({ channel, alert, after, limit }) {
      const size = pageSize(limit, 50)
      const key = decodeCursor(after, isKey)
      const older = key && { OR: [{ at: { lt: date(key[0]) } }, { at: date(key[0]), id: { lt: key[1] } }] }
      const rows = await db.delivery.findMany({
        where: { channel, alert, ...older },
        orderBy: [{ at: 'desc' }, { id: 'desc' }],
        take: size + 1,
      })
      return page(rows, size, toDelivery, (row) => encodeCursor([ms(row.at), row.id]))
    },
  }
}

const isKey = (key: unknown): key is [at: number, id: string] =>
  Array.isArray(key) && typeof key[0] === 'number' && typeof key[1] === 'string'

function toNotification({ alert, channel, toldState, toldVersion, handle }: Notification): NotificationRecord {
  const told = toldState === null ? undefined : { state: read<'open'>(toldState), version: toldVersion ?? 0 }
  return { alert, channel, told, handle: readOrNothing(handle) }
}

const toDelivery = (row: Delivery): DeliveryRecord => ({
  id: row.id,
  channel: row.channel,
  alert: row.alert ?? undefined,
  at: ms(row.at),
  what: read(row.what),
  outcome: read(row.outcome),
  reason: row.reason ?? undefined,
  tookMs: row.tookMs ?? undefined,
})
