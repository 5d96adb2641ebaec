import { canonicalDigest } from '../../core/audit/index.ts'
import type { WriteRequest, WriteStore } from '../../ports/store/index.ts'
import { insertAudit } from './audit-intake.ts'
import { date, json, ms, read } from './columns.ts'
import type { WriteRequest as Row } from './generated/client.ts'
import { insertOperation } from './operations.ts'
import type { Session } from './session.ts'

export function writeStore(session: Session): WriteStore {
  const { db } = session
  return {
    enqueueWrite: (request, operation, audit) =>
      session.atomically(async (tx) => {
        const { target, changes, actor, expects, createdAt, ...rest } = request
        const row = {
          ...rest,
          targetId: target.id,
          targetPath: target.path,
          changes: json(changes),
          changesDigest: canonicalDigest(changes),
          actor: json(actor),
          expects: json(expects),
          createdAt: date(createdAt),
        }
        const { count } = await tx.writeRequest.createMany({ data: [row], skipDuplicates: true })
        if (count === 0) return false
        await insertOperation(session, tx, operation)
        await insertAudit(tx, audit)
        return true
      }),
    async pendingWrites() {
      const rows = await db.writeRequest.findMany({ orderBy: { seq: 'asc' } })
      return rows.map(toRequest)
    },
    async removeWrites(ids) {
      await db.writeRequest.deleteMany({ where: { id: { in: ids } } })
    },
  }
}

const toRequest = (row: Row): WriteRequest => ({
  id: row.id,
  operation: row.operation,
  target: { id: row.targetId, path: row.targetPath },
  changes: read(row.changes),
  kind: read(row.kind),
  cause: row.cause,
  actor: read(row.actor),
  message: row.message ?? undefined,
  expects: read(row.expects),
  proposal: row.proposal ?? undefined,
  createdAt: ms(row.createdAt),
})
