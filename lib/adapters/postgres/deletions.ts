import type { DeletionRecord, DeletionStore } from '../../ports/store/index.ts'
import { date, dateOrNull, ms, msOrNothing, read, same } from './columns.ts'
import type { Deletion } from './generated/client.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

export function deletionStore(session: Session): DeletionStore {
  const { db, clock } = session
  return {
    async saveDeletion(record) {
      const { id } = record
      const before = await db.deletion.findUnique({ where: { id } })
      if (before && same(toDeletion(before), record)) return
      const columns = {
        object: record.object,
        kind: record.kind,
        release: record.release ?? null,
        environment: record.environment,
        path: record.path,
        commit: record.commit,
        uid: record.uid ?? null,
        guard: record.guard ?? null,
        state: record.state,
        decidedBy: record.decidedBy ?? null,
        createdAt: date(record.createdAt),
        decidedAt: dateOrNull(record.decidedAt),
      }
      await session.atomically(async (tx) => {
        await tx.deletion.upsert({ where: { id }, create: { id, ...columns }, update: columns, select: { id: true } })
        await announce(tx, 'deletions', id, clock.now())
      })
    },
    async getDeletion(id) {
      const row = await db.deletion.findUnique({ where: { id } })
      return row ? toDeletion(row) : undefined
    },
    async listDeletions(states) {
      const rows = await db.deletion.findMany({
        where: { state: { in: states } },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      })
      return rows.map(toDeletion)
    },
  }
}

const toDeletion = (row: Deletion): DeletionRecord => ({
  id: row.id,
  object: row.object,
  kind: row.kind,
  release: row.release ?? undefined,
  environment: row.environment,
  path: row.path,
  commit: row.commit,
  uid: row.uid ?? undefined,
  guard: row.guard ?? undefined,
  state: read(row.state),
  decidedBy: row.decidedBy ?? undefined,
  createdAt: ms(row.createdAt),
  decidedAt: msOrNothing(row.decidedAt),
})
