import type { AuditFilter, AuditRecord, AuditStore, NewAudit, Page } from '../../ports/store/index.ts'
import { chainBatch, chainIntake, insertAudit } from './audit-intake.ts'
import { date, decodeCursor, encodeCursor, ms, page, pageSize, read } from './columns.ts'
import { Prisma } from './generated/client.ts'
import type { AuditEvent } from './generated/client.ts'
import { sequenceOutbox } from './outbox.ts'
import type { Session } from './session.ts'

export function auditStore(session: Session): AuditStore {
  const { db, clock } = session
  return {
    record: (entries) => insertAudit(db, entries),
    async chainAudit() {
      let total = 0
      for (;;) {
        const taken = await session.atomically((tx) => chainIntake(tx, clock.now()))
        total += taken
        if (taken < chainBatch) return total
      }
    },
    sequenceOutbox: () => sequenceOutbox(session),
    listAudit: (filter) => listAudit(session, filter),
    async readChain(fromSeq, limit) {
      const rows = await db.auditEvent.findMany({
        where: { seq: { gte: fromSeq } },
        orderBy: { seq: 'asc' },
        take: limit,
      })
      return rows.map(toRecord)
    },
    async openIntents() {
      const rows = await db.$queryRaw<{ entry: NewAudit }[]>`
        SELECT jsonb_strip_nulls(jsonb_build_object('at', floor(extract(epoch FROM at) * 1000), 'kind', kind,
          'actor', actor, 'subject', subject, 'environment', environment, 'release', release, 'operation', operation,
          'commit', commit, 'revision', revision, 'reason', reason, 'intent', intent))
          || jsonb_build_object('data', data) AS entry
        FROM audit_event AS opened
        WHERE kind LIKE '%.intent' AND intent IS NOT NULL AND ${noOutcome(Prisma.sql`opened.intent`)}
        UNION ALL
        SELECT entry FROM audit_intake AS opened
        WHERE kind LIKE '%.intent' AND intent IS NOT NULL AND ${noOutcome(Prisma.sql`opened.intent`)}`
      return rows.map((row) => row.entry).sort((left, right) => left.at - right.at)
    },
  }
}

const noOutcome = (intent: Prisma.Sql): Prisma.Sql => Prisma.sql`
  NOT EXISTS (SELECT FROM audit_event AS o WHERE o.intent = ${intent} AND o.kind NOT LIKE '%.intent')
  AND NOT EXISTS (SELECT FROM audit_intake AS o WHERE o.intent = ${intent} AND o.kind NOT LIKE '%.intent')`

type Row = AuditEvent

const isKey = (key: unknown): key is [at: number, seq: number] =>
  Array.isArray(key) && Number.isFinite(key[0]) && Number.isSafeInteger(key[1])

async function listAudit(session: Session, filter: AuditFilter): Promise<Page<AuditRecord>> {
  const limit = pageSize(filter.limit, 50)
  const where = conditions(filter)
  const rows =
    filter.kind === undefined
      ? await session.db.$queryRaw<Row[]>`${newest(where, limit)}`
      : await newestOfKinds(session, await kindsUnder(session, filter.kind), where, limit)
  return page(rows, limit, toRecord, (row) => encodeCursor([ms(row.at), Number(row.seq)]))
}

function conditions(filter: AuditFilter): Prisma.Sql[] {
  const after = decodeCursor(filter.after, isKey)
  const equal = (['actor', 'environment', 'release', 'operation', 'commit'] as const)
    .filter((name) => filter[name] !== undefined)
    .map((name) => Prisma.sql`${Prisma.raw(`"${name}"`)} = ${filter[name]}`)
  return [
    ...equal,
    ...(filter.since === undefined ? [] : [Prisma.sql`at >= ${date(filter.since)}::timestamptz`]),
    ...(filter.until === undefined ? [] : [Prisma.sql`at < ${date(filter.until)}::timestamptz`]),
    ...(after ? [Prisma.sql`(at, seq) < (${date(after[0])}::timestamptz, ${after[1]}::bigint)`] : []),
  ]
}

const columns = Prisma.sql`seq, at, kind, actor, subject, environment, release, operation, commit, revision, reason,
  intent, data, previous_hash AS "previousHash", hash`

function newest(where: Prisma.Sql[], limit: number): Prisma.Sql {
  const condition = where.length > 0 ? Prisma.sql`WHERE ${Prisma.join(where, ' AND ')}` : Prisma.empty
  return Prisma.sql`SELECT ${columns} FROM audit_event ${condition} ORDER BY at DESC, seq DESC LIMIT ${limit + 1}`
}

/** Each kind has its own run in the index; merging their newest rows costs the same however rare they are. */
async function newestOfKinds(session: Session, kinds: string[], where: Prisma.Sql[], limit: number): Promise<Row[]> {
  if (kinds.length === 0) return []
  const runs = kinds.map((kind) => Prisma.sql`(${newest([Prisma.sql`kind = ${kind}`, ...where], limit)})`)
  return session.db.$queryRaw<Row[]>`
    SELECT * FROM (${Prisma.join(runs, ' UNION ALL ')}) AS merged ORDER BY at DESC, seq DESC LIMIT ${limit + 1}`
}

/** The kinds there are below a prefix: one step of the index for each, however many rows it has. */
async function kindsUnder(session: Session, prefix: string): Promise<string[]> {
  const rows = await session.db.$queryRaw<{ kind: string }[]>`
    WITH RECURSIVE known (kind) AS (
      (SELECT kind FROM audit_event ORDER BY kind LIMIT 1)
      UNION ALL
      SELECT (SELECT next.kind FROM audit_event AS next WHERE next.kind > known.kind ORDER BY next.kind LIMIT 1)
      FROM known WHERE known.kind IS NOT NULL
    )
    SELECT kind FROM known WHERE starts_with(kind, ${prefix})`
  return rows.map((row) => row.kind)
}

const toRecord = (row: Row): AuditRecord => ({
  seq: Number(row.seq),
  at: ms(row.at),
  kind: row.kind,
  actor: row.actor,
  subject: row.subject,
  environment: row.environment ?? undefined,
  release: row.release ?? undefined,
  operation: row.operation ?? undefined,
  commit: row.commit ?? undefined,
  revision: row.revision ?? undefined,
  reason: row.reason ?? undefined,
  intent: row.intent ?? undefined,
  data: read(row.data),
  previousHash: row.previousHash,
  hash: row.hash,
})
