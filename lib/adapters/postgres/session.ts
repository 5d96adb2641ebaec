import type { Clock } from '../../ports/clock.ts'
import type { OutboxEvent } from '../../ports/store/index.ts'
import { Prisma } from './generated/client.ts'
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
  /** Of the open transaction, if there is one: what it has to say of releases is said once, at its end. */
  releases?: { toldOf: Set<string>; toTellOf: Set<string> }
}

/** Writes an event into the outbox of this transaction; it gets its position after commit. */
export async function announce(db: Db, topic: OutboxEvent['topic'], subject: string, version: number): Promise<void> {
  await db.$executeRaw(announcement(topic, subject, version))
}

/** As `announce`, as a part of a statement that changes what it tells of. */
export const announcement = (topic: OutboxEvent['topic'], subject: string, version: number): Prisma.Sql =>
  Prisma.sql`INSERT INTO outbox (topic, subject, version) VALUES (${topic}, ${subject}, ${version}::bigint)`

/** Something shown with a release changed, though not its own row. */
export async function announceRelease(session: Session, db: Db, release: string | undefined): Promise<void> {
  if (release === undefined) return
  if (session.releases) session.releases.toTellOf.add(release)
  else await raiseVersion(db, release)
}

/** What was put off in a transaction; the release's own row may have been announced anyway. */
export async function announceReleases({ db, releases }: Session): Promise<void> {
  for (const release of releases?.toTellOf ?? []) if (!releases?.toldOf.has(release)) await raiseVersion(db, release)
}

async function raiseVersion(db: Db, release: string): Promise<void> {
  await db.$executeRaw`
    WITH changed AS (UPDATE release SET version = version + 1 WHERE id = ${release} RETURNING version)
    INSERT INTO outbox (topic, subject, version)
    VALUES ('release', ${release}, coalesce((SELECT version FROM changed), 0))`
}
