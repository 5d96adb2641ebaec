import type { HistoryStore } from '../../ports/store/index.ts'
import { date } from './columns.ts'
import type { Db, Session } from './session.ts'

const dayMs = 86_400_000
/** Commands that are done, and attempts, are of use to nobody after so long. */
const keptMs = 30 * dayMs
const attemptsKept = 50
const decisionsKept = 1000
const deliveriesKept = 10_000

export function historyStore({ db }: Session): HistoryStore {
  return {
    async pruneHistory(now) {
      const before = date(now - keptMs)
      await db.$executeRaw`
        DELETE FROM command WHERE state->>'kind' <> 'queued' AND created_at < ${before}::timestamptz`
      await db.$executeRaw`
        DELETE FROM attempt USING (
          SELECT id, row_number() OVER (PARTITION BY release ORDER BY started_at DESC, id DESC) AS place FROM attempt
        ) AS ranked
        WHERE attempt.id = ranked.id AND ranked.place > ${attemptsKept}
          AND attempt.state <> 'running' AND attempt.started_at < ${before}::timestamptz`
      await db.$executeRaw`
        DELETE FROM decision USING (
          SELECT id, row_number() OVER (PARTITION BY release ORDER BY id DESC) AS place FROM decision
        ) AS ranked
        WHERE decision.id = ranked.id AND ranked.place > ${decisionsKept}`
      await db.$executeRaw`DELETE FROM delivery WHERE at < ${before}::timestamptz`
      await forgetHost(db, before)
      await forgetSignIns(db, now)
      await db.$executeRaw`
        DELETE FROM webhook_delivery WHERE at < ${before}::timestamptz
          OR id <= (SELECT id FROM webhook_delivery ORDER BY id DESC OFFSET ${deliveriesKept} LIMIT 1)`
      await foldScans(db, before)
    },
  }
}

/** What the host was told to be over; what it shows as active is needed until something takes its place. */
async function forgetHost(db: Db, before: Date): Promise<void> {
  await db.hostDeployment.deleteMany({
    where: { told: { in: ['failure', 'inactive', 'refused'] }, at: { lt: before } },
  })
  await db.hostStatus.deleteMany({ where: { at: { lt: before } } })
}

/** Ends that have passed, and attempts to sign in that no longer make anybody wait. */
async function forgetSignIns(db: Db, now: number): Promise<void> {
  const expiresAt = { lt: date(now) }
  await db.session.deleteMany({ where: { expiresAt } })
  await db.signInLink.deleteMany({ where: { expiresAt } })
  await db.signInThrottle.deleteMany({ where: { lastAt: { lt: date(now - dayMs) } } })
}

/** What was found out before becomes one record of each repository: the newest word on each field of each tag. */
async function foldScans(db: Db, before: Date): Promise<void> {
  await db.$executeRaw`
    WITH old AS (
      SELECT seq, repository, tags FROM scan WHERE at < ${before}::timestamptz
    ), kept AS (
      SELECT repository, max(seq) AS seq FROM old GROUP BY repository HAVING count(*) > 1
    ), fields AS (
      SELECT DISTINCT ON (old.repository, tag.key, field.key)
        old.repository, tag.key AS name, field.key AS field, field.value
      FROM old JOIN kept USING (repository), jsonb_each(old.tags) AS tag, jsonb_each(tag.value) AS field
      ORDER BY old.repository, tag.key, field.key, old.seq DESC
    ), folded AS (
      SELECT repository, name, jsonb_object_agg(field, value) AS said FROM fields GROUP BY repository, name
    ), whole AS (
      SELECT repository, jsonb_object_agg(name, said) AS tags FROM folded GROUP BY repository
    ), gone AS (
      DELETE FROM scan USING old JOIN kept USING (repository) WHERE scan.seq = old.seq AND old.seq < kept.seq
    )
    UPDATE scan SET tags = whole.tags, commit = NULL
    FROM kept JOIN whole USING (repository) WHERE scan.seq = kept.seq`
}
