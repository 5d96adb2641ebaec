import { randomBytes } from 'node:crypto'
import { newId } from '../../core/identity/index.ts'
import type { AlertRecord, AlertStore } from '../../ports/store/index.ts'
import { date, decodeCursor, encodeCursor, ms, msOrNothing, page, pageSize, read, same } from './columns.ts'
import type { Alert } from './generated/client.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

export function alertStore(session: Session): AlertStore {
  return { ...incidents(session), ...lists(session) }
}

function incidents(session: Session): Pick<AlertStore, 'openAlert' | 'recoverAlert' | 'getAlert' | 'acknowledgeAlert'> {
  const { db } = session
  return {
    async openAlert({ release = null, environment = null, application = null, ...alert }, now) {
      const content = { ...alert, release, environment, application }
      const before = await db.alert.findFirst({ where: { key: alert.key, recoveredAt: null } })
      if (before && same(contentOf(before), content)) return { alert: toAlert(before), change: 'none' }
      return session.atomically(async (tx) => {
        const times = { openedAt: date(now), updatedAt: date(now) }
        const id = newId('alert', now, randomBytes(10))
        // The partial unique index lets one of two openers in.
        const { count } = await tx.alert.createMany({ data: [{ id, ...content, ...times }], skipDuplicates: true })
        if (count === 0) {
          const changes = { ...content, updatedAt: date(now), version: { increment: 1 } }
          await tx.alert.updateMany({ where: { key: alert.key, recoveredAt: null }, data: changes })
        }
        const row = await tx.alert.findFirstOrThrow({ where: { key: alert.key, recoveredAt: null } })
        await announce(tx, 'alerts', row.id, now)
        return { alert: toAlert(row), change: count === 0 ? 'updated' : 'opened' }
      })
    },
    async recoverAlert(key, now) {
      const open = await db.alert.findFirst({ where: { key, recoveredAt: null } })
      if (!open) return undefined
      return session.atomically(async (tx) => {
        const data = { recoveredAt: date(now), updatedAt: date(now), version: { increment: 1 } }
        const { count } = await tx.alert.updateMany({ where: { id: open.id, recoveredAt: null }, data })
        if (count === 0) return undefined
        await announce(tx, 'alerts', open.id, now)
        return { ...toAlert(open), recoveredAt: now, updatedAt: now, version: open.version + 1 }
      })
    },
    async getAlert(id) {
      const row = await db.alert.findUnique({ where: { id } })
      return row ? toAlert(row) : undefined
    },
    async acknowledgeAlert(id, by, now) {
      return session.atomically(async (tx) => {
        const { count } = await tx.alert.updateMany({
          where: { id, recoveredAt: null, acknowledgedBy: null },
          data: { acknowledgedBy: by, acknowledgedAt: date(now), updatedAt: date(now), version: { increment: 1 } },
        })
        if (count > 0) await announce(tx, 'alerts', id, now)
        return count > 0
      })
    },
  }
}

function lists({ db }: Session): Pick<AlertStore, 'listAlerts' | 'listRecovered'> {
  return {
    async listAlerts({ open, since, limit }) {
      const rows = await db.alert.findMany({
        where: {
          recoveredAt: open === undefined ? undefined : open ? null : { not: null },
          openedAt: since === undefined ? undefined : { gte: date(since) },
        },
        orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
        take: limit,
      })
      return rows.map(toAlert)
    },
    async listRecovered({ after, limit }) {
      const size = pageSize(limit, 50)
      const key = decodeCursor(after, isKey)
      const older = key && { OR: [{ openedAt: { lt: date(key[0]) } }, { openedAt: date(key[0]), id: { lt: key[1] } }] }
      const rows = await db.alert.findMany({
        where: { recoveredAt: { not: null }, ...older },
        orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
        take: size + 1,
      })
      return page(rows, size, toAlert, (row) => encodeCursor([ms(row.openedAt), row.id]))
    },
  }
}

const isKey = (key: unknown): key is [openedAt: number, id: string] =>
  Array.isArray(key) && typeof key[0] === 'number' && typeof key[1] === 'string'

const contentOf = (row: Alert): object => ({
  key: row.key,
  kind: row.kind,
  severity: row.severity,
  release: row.release,
  environment: row.environment,
  application: row.application,
  title: row.title,
  detail: row.detail,
  nextStep: row.nextStep,
})

export const toAlert = (row: Alert): AlertRecord => ({
  id: row.id,
  key: row.key,
  kind: row.kind,
  severity: read(row.severity),
  release: row.release ?? undefined,
  environment: row.environment ?? undefined,
  application: row.application ?? undefined,
  title: row.title,
  detail: row.detail,
  nextStep: row.nextStep,
  version: row.version,
  openedAt: ms(row.openedAt),
  updatedAt: ms(row.updatedAt),
  recoveredAt: msOrNothing(row.recoveredAt),
  acknowledgedBy: row.acknowledgedBy ?? undefined,
  acknowledgedAt: msOrNothing(row.acknowledgedAt),
})
