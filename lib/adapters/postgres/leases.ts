import type { LeaseStore } from '../../ports/store/index.ts'
import { ms } from './columns.ts'
import type { Session } from './session.ts'

/** On the database's clock: those of the processes may differ, or jump. */
export function leaseStore(session: Session): LeaseStore {
  const { db } = session
  return {
    async takeLease(name, holder, ttlMs) {
      const rows = await db.$queryRaw<{ epoch: number }[]>`
        INSERT INTO lease AS held (name, holder, epoch, expires_at)
        VALUES (${name}, ${holder}, 1, clock_timestamp() + make_interval(secs => ${ttlMs / 1000}::float8))
        ON CONFLICT (name) DO UPDATE SET
          holder = excluded.holder,
          epoch = held.epoch + (held.holder <> excluded.holder)::int,
          expires_at = clock_timestamp() + make_interval(secs => ${ttlMs / 1000}::float8)
        WHERE held.holder = excluded.holder OR held.expires_at <= clock_timestamp()
        RETURNING epoch`
      return rows[0] && { epoch: rows[0].epoch }
    },
    async releaseLease(name, holder) {
      // The row stays: the epoch must go on counting.
      await db.$executeRaw`
        UPDATE lease SET expires_at = to_timestamp(0), holder = '' WHERE name = ${name} AND holder = ${holder}`
    },
    async leaseHolder(name) {
      const rows = await db.$queryRaw<{ holder: string; epoch: number; expiresAt: Date }[]>`
        SELECT holder, epoch, expires_at AS "expiresAt" FROM lease
        WHERE name = ${name} AND expires_at > clock_timestamp()`
      return rows[0] && { ...rows[0], expiresAt: ms(rows[0].expiresAt) }
    },
  }
}
