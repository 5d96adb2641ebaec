import { canonicalDigest } from './canonical-json.ts'
import type { AuditEntry, AuditFact, ChainFault, ChainVerdict, Checkpoint } from './types.ts'

/** `previousHash` of the first entry. */
export const genesisHash = '0'.repeat(64)

const hashedFields = [
  'at',
  'kind',
  'actor',
  'subject',
  'environment',
  'release',
  'operation',
  'commit',
  'revision',
  'reason',
  'intent',
  'causes',
  'data',
] as const satisfies (keyof AuditFact)[]

/**
 * Hash of an entry at its place: SHA-256 over the canonical JSON of the fields of `AuditFact`, `seq` and `previousHash`.
 * A field that is absent, `undefined` or `null` (a database's empty column) hashes alike; further fields do not count.
 */
export function hashEntry(previousHash: string, entry: AuditFact & { seq: number }): string {
  const fields: Record<string, unknown> = { seq: entry.seq, previousHash }
  for (const name of hashedFields) fields[name] = entry[name] ?? undefined
  return canonicalDigest(fields)
}

/** The entry that follows `last` (nothing = the first of the chain). */
export function chainEntry(last: Checkpoint | undefined, fact: AuditFact): AuditEntry {
  const seq = (last?.seq ?? 0) + 1
  const previousHash = last?.hash ?? genesisHash
  const entry = { ...fact, seq, previousHash }
  return { ...entry, hash: hashEntry(previousHash, entry) }
}

const bad = (seq: number, fault: ChainFault, message: string): ChainVerdict => ({ ok: false, seq, fault, message })

function checkPlace(entry: AuditEntry, expected: number, rows: ReadonlySet<number>): ChainVerdict | undefined {
  if (entry.seq === expected) return undefined
  if (entry.seq > expected && !rows.has(expected)) {
    return bad(expected, 'dropped', `Row ${expected} is missing: row ${entry.seq} stands in its place.`)
  }
  return bad(expected, 'reordered', `Row ${entry.seq} stands where row ${expected} belongs.`)
}

function checkLink(entry: AuditEntry, previous: Checkpoint): ChainVerdict | undefined {
  if (entry.hash !== hashEntry(entry.previousHash, entry)) {
    return bad(entry.seq, 'altered', `Row ${entry.seq} does not fit its own hash.`)
  }
  if (entry.previousHash === previous.hash) return undefined
  if (previous.seq === 0) return bad(entry.seq, 'altered', `Row ${entry.seq} does not start the chain.`)
  return bad(previous.seq, 'altered', `Row ${previous.seq} is not the one row ${entry.seq} was chained to.`)
}

function checkCheckpoint(previous: Checkpoint, checkpoint: Checkpoint | undefined): ChainVerdict | undefined {
  if (checkpoint === undefined || previous.seq !== checkpoint.seq || previous.hash === checkpoint.hash) return undefined
  return bad(
    checkpoint.seq,
    'altered',
    `Row ${checkpoint.seq} differs from its checkpoint: it or a row before it was rewritten.`,
  )
}

/**
 * Names the first bad row of `entries`, given in the order of the table. `checkpoint` proves that nothing at its end was
 * cut off and that the whole chain was not rewritten; `after` is the row before the first one given (nothing = from the start).
 */
export function verifyChain(
  entries: readonly AuditEntry[],
  checkpoint?: Checkpoint,
  after: Checkpoint = { seq: 0, hash: genesisHash },
): ChainVerdict {
  const rows = new Set(entries.map((entry) => entry.seq))
  let previous = after
  for (const entry of entries) {
    const verdict =
      checkPlace(entry, previous.seq + 1, rows) ??
      checkLink(entry, previous) ??
      checkCheckpoint({ seq: entry.seq, hash: entry.hash }, checkpoint)
    if (verdict) return verdict
    previous = { seq: entry.seq, hash: entry.hash }
  }
  if (checkpoint !== undefined && checkpoint.seq > previous.seq) {
    return bad(
      previous.seq + 1,
      'truncated',
      `The table ends at row ${previous.seq}, the checkpoint knows row ${checkpoint.seq}.`,
    )
  }
  return previous.seq === after.seq && entries.length === 0
    ? { ok: true, entries: 0 }
    : { ok: true, entries: entries.length, head: previous }
}
