import type { HistoryStore } from '../../ports/store/index.ts'
import { date } from './columns.ts'
import type { Session } from './session.ts'

const dayMs = 86_400_000
/** Commands that are done, and attempts, are of use to nobody after so long. */
const keptMs = 30 * dayMs
const attemptsKept = 50
const decisionsKept = 1000

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
    },
  }
}
