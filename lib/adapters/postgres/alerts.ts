import { randomBytes } from 'node:crypto'
import { newId } from '../../core/identity/index.ts'
import type { AlertRecord, AlertStore } from '../../ports/store/index.ts'
import { date, ms, msOrNothing, read, same } from './columns.ts'
import type { Alert } from './generated/client.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

export function alertStore(session: Session): AlertStore {
  const { db } = session
  return {
    async openAlert(alert, now) {
      const content = { ...alert, release: alert.release ?? null, environment: alert.environment ?? null }
      const before = await db.alert.findFirst({ where: { key: alert.key, recoveredAt: null } })
      if (before && same(contentOf(before), content)) return toAlert(before)
      return session.atomically(async (tx) => {
        const times = { openedAt: date(now), updatedAt: date(now) }
        const id = newId('alert', now, randomBytes(10))
        // The partial unique index lets one of two openers in.
        const { count } = await tx.alert.createMany({ data: [{ id, ...content, ...times }], skipDuplicates: true })
        if (count === 0) {
          const changes = { ...content, updatedAt: date(now) }
          await tx.alert.updateMany({ where: { key: alert.key, recoveredAt: null }, data: changes })
        }
        const row = await tx.alert.findFirstOrThrow({ where: { key: alert.key, recoveredAt: null } })
        await announce(tx, 'alerts', row.id, now)
        return toAlert(row)
      })
    },
    async recoverAlert(key, now) {
      const open = await db.alert.findFirst({ where: { key, recoveredAt: null }, select: { id: true } })
      if (!open) return
      await session.atomically(async (tx) => {
        const { count } = await tx.alert.updateMany({
          where: { id: open.id, recoveredAt: null },
          data: { recoveredAt: date(now), updatedAt: date(now) },
        })
        if (count > 0) await announce(tx, 'alerts', open.id, now)
      })
    },
    async listAlerts({ open, limit }) {
      const rows = await db.alert.findMany({
        where: { recoveredAt: open === undefined ? undefined : open ? null : { not: null } },
        orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
        take: limit,
      })
      return rows.map(toAlert)
    },
  }
}

const contentOf = ({ key, kind, severity, release, environment, title, detail, nextStep }: Alert): object => ({
  key,
  kind,
  severity,
  release,
  environment,
  title,
  detail,
  nextStep,
})

const toAlert = (row: Alert): AlertRecord => ({
  id: row.id,
  key: row.key,
  kind: row.kind,
  severity: read(row.severity),
  release: row.release ?? undefined,
  environment: row.environment ?? undefined,
  title: row.title,
  detail: row.detail,
  nextStep: row.nextStep,
  openedAt: ms(row.openedAt),
  updatedAt: ms(row.updatedAt),
  recoveredAt: msOrNothing(row.recoveredAt),
  acknowledgedBy: row.acknowledgedBy ?? undefined,
})
