import { genesisHash, hashEntry } from '../../core/audit/index.ts'
import type { AuditRecord, NewAudit } from '../../ports/store/index.ts'
import { date, json, jsonText } from './columns.ts'
import { announce } from './session.ts'
import type { Db } from './session.ts'

/** Rows chained in one transaction. */
export const chainBatch = 500
/** Advisory lock: only one appender, whatever the leases say. */
const chainLock = 7_202_601

/** Within the caller's transaction, in the given order; the second outcome of an intent is left out. */
export async function insertAudit(tx: Db, entries: NewAudit[]): Promise<void> {
  if (entries.length === 0) return
  const given = jsonText(entries.map(columnsOf))
  await tx.$executeRaw`
    INSERT INTO audit_intake (kind, intent, entry)
    SELECT entry->>'kind', entry->>'intent', entry
    FROM jsonb_array_elements(${given}::jsonb) WITH ORDINALITY AS given (entry, place)
    WHERE entry->>'intent' IS NULL OR entry->>'kind' LIKE '%.intent' OR NOT EXISTS (
      SELECT FROM audit_event AS chained
      WHERE chained.intent = entry->>'intent' AND chained.kind NOT LIKE '%.intent')
    ORDER BY place
    ON CONFLICT (intent) WHERE intent IS NOT NULL AND kind NOT LIKE '%.intent' DO NOTHING`
}

/** Only what has a column: anything else would be in the hash and then nowhere. */
const columnsOf = (entry: NewAudit): NewAudit => ({
  at: Math.round(entry.at),
  kind: entry.kind,
  actor: entry.actor,
  subject: entry.subject,
  environment: entry.environment,
  release: entry.release,
  operation: entry.operation,
  commit: entry.commit,
  revision: entry.revision,
  reason: entry.reason,
  intent: entry.intent,
  data: entry.data,
})

/** Moves the oldest intake rows to the end of the chain. Returns how many it took from the intake. */
export async function chainIntake(tx: Db, now: number): Promise<number> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${chainLock})`
  const waiting = await tx.auditIntake.findMany({ orderBy: { id: 'asc' }, take: chainBatch })
  const last = waiting.at(-1)
  if (!last) return 0
  const known = await chainedOutcomes(tx, waiting)
  const [head] = await tx.auditEvent.findMany({ orderBy: { seq: 'desc' }, take: 1, select: { seq: true, hash: true } })
  let seq = Number(head?.seq ?? 0)
  let previousHash = head?.hash ?? genesisHash
  const rows: AuditRecord[] = []
  for (const { entry } of waiting) {
    const fact = entry as unknown as NewAudit
    // An outcome that slipped into the intake while the first one was on its way into the chain.
    if (fact.intent !== undefined && isOutcome(fact.kind) && known.has(fact.intent)) continue
    seq += 1
    const hash = hashEntry(previousHash, { ...fact, seq })
    rows.push({ ...fact, seq, previousHash, hash })
    previousHash = hash
  }
  await tx.auditEvent.createMany({ data: rows.map((row) => ({ ...row, at: date(row.at), data: json(row.data) })) })
  await tx.auditIntake.deleteMany({ where: { id: { in: waiting.map((row) => row.id) } } })
  await announce(tx, 'audit', '', now)
  return waiting.length
}

const isOutcome = (kind: string): boolean => !kind.endsWith('.intent')

async function chainedOutcomes(tx: Db, waiting: { kind: string; intent: string | null }[]): Promise<Set<string>> {
  const intents = waiting.filter((row) => row.intent !== null && isOutcome(row.kind)).map((row) => row.intent)
  if (intents.length === 0) return new Set()
  const rows = await tx.$queryRaw<{ intent: string }[]>`
    SELECT intent FROM audit_event
    WHERE intent IN (SELECT jsonb_array_elements_text(${JSON.stringify(intents)}::jsonb)) AND kind NOT LIKE '%.intent'`
  return new Set(rows.map((row) => row.intent))
}
