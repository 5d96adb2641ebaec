import type { NotificationStore, SilenceRecord } from '../../ports/store/index.ts'
import { date, dateOrNull, ms, msOrNothing } from './columns.ts'
import type { Silence } from './generated/client.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

export function silenceStore(session: Session): Pick<NotificationStore, 'listSilences' | 'getSilence' | 'saveSilence'> {
  const { db, clock } = session
  return {
    async listSilences({ inForceAt, limit }) {
      const where = inForceAt === undefined ? {} : { endedAt: null, until: { gt: date(inForceAt) } }
      const orderBy = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]
      return (await db.silence.findMany({ where, orderBy, take: limit })).map(toSilence)
    },
    async getSilence(id) {
      const row = await db.silence.findUnique({ where: { id } })
      return row ? toSilence(row) : undefined
    },
    async saveSilence({ id, ...silence }) {
      const columns = {
        kind: silence.kind ?? null,
        environment: silence.environment ?? null,
        application: silence.application ?? null,
        release: silence.release ?? null,
        reason: silence.reason,
        until: date(silence.until),
        createdAt: date(silence.createdAt),
        createdBy: silence.createdBy,
        endedAt: dateOrNull(silence.endedAt),
        endedBy: silence.endedBy ?? null,
      }
      await session.atomically(async (tx) => {
        await tx.silence.upsert({ where: { id }, create: { id, ...columns }, update: columns, select: { id: true } })
        await announce(tx, 'alerts', id, clock.now())
      })
    },
  }
}

const toSilence = (row: Silence): SilenceRecord => ({
  id: row.id,
  kind: row.kind ?? undefined,
  environment: row.environment ?? undefined,
  application: row.application ?? undefined,
  release: row.release ?? undefined,
  reason: row.reason,
  until: ms(row.until),
  createdAt: ms(row.createdAt),
  createdBy: row.createdBy,
  endedAt: msOrNothing(row.endedAt),
  endedBy: row.endedBy ?? undefined,
})
