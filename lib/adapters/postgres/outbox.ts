import type { CommandStore, OutboxEvent } from '../../ports/store/index.ts'
import { read } from './columns.ts'
import type { Session } from './session.ts'

/** Events kept for browsers that come back. */
const eventsKept = 10_000
const batch = 1000

/**
 * Positions are given after commit, by whoever holds the lock on the head: a reader that has seen position N has seen
 * everything before it, which sequence numbers given at insert cannot promise.
 */
export async function sequenceOutbox(session: Session): Promise<number> {
  let total = 0
  for (;;) {
    const count = await session.atomically(async (tx) => {
      const rows = await tx.$queryRaw<{ position: bigint }[]>`SELECT position FROM outbox_head WHERE id = 1 FOR UPDATE`
      const head = Number(rows[0]?.position ?? 0)
      const placed = await tx.$executeRaw`
        UPDATE outbox SET position = ${head}::bigint + waiting.place
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM outbox WHERE position IS NULL ORDER BY id LIMIT ${batch}) AS waiting
        WHERE outbox.id = waiting.id`
      if (placed === 0) return 0
      const now = head + placed
      await tx.$executeRaw`
        WITH moved AS (UPDATE outbox_head SET position = ${now}::bigint WHERE id = 1),
          forgotten AS (DELETE FROM outbox WHERE position <= ${now - eventsKept}::bigint)
        SELECT pg_notify('wheelhouse_outbox', ${String(now)})`
      return placed
    })
    total += count
    if (count < batch) return total
  }
}

export function outboxReader(session: Session): Pick<CommandStore, 'readOutbox' | 'outboxHead' | 'onOutbox'> {
  const { db, listener } = session
  return {
    async readOutbox(position, limit) {
      const rows = await db.outbox.findMany({
        where: { position: { gt: position } },
        orderBy: { position: 'asc' },
        take: limit,
      })
      return rows.map((row): OutboxEvent => ({
        position: Number(row.position),
        topic: read(row.topic),
        id: row.subject,
        version: Number(row.version),
      }))
    },
    async outboxHead() {
      const row = await db.outboxHead.findUnique({ where: { id: 1 } })
      return Number(row?.position ?? 0)
    },
    onOutbox: (hear) =>
      listener.on((notice) => {
        if (notice === undefined || notice.channel === 'wheelhouse_outbox') hear()
      }),
  }
}
