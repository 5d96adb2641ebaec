import type { Clock } from '../../ports/clock.ts'
import type { OutboxEvent } from '../../ports/store/index.ts'
import type { Prisma } from './generated/client.ts'
import type { Listener } from './listener.ts'

/** Prisma's client, of the pool or of an open transaction. */
export type Db = Prisma.TransactionClient

/** What every part of the store works with. */
export interface Session {
  db: Db
  clock: Clock
  listener: Listener
  /** In the open transaction, or in one of its own. */
  atomically<T>(work: (db: Db) => Promise<T>): Promise<T>
}

/** Writes an event into the outbox of this transaction; it gets its position after commit. */
export async function announce(db: Db, topic: OutboxEvent['topic'], subject: string, version: number): Promise<void> {
  await db.outbox.create({ data: { topic, subject, version }, select: { id: true } })
}

/** Something shown with a release changed, though not its own row. */
export async function announceRelease(db: Db, release: string | undefined): Promise<void> {
  if (release === undefined) return
  await db.$executeRaw`
    WITH changed AS (UPDATE release SET version = version + 1 WHERE id = ${release} RETURNING version)
    INSERT INTO outbox (topic, subject, version)
    VALUES ('release', ${release}, coalesce((SELECT version FROM changed), 0))`
}
