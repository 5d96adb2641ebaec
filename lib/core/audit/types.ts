export interface Actor {
  kind: 'person' | 'token' | 'automation' | 'webhook' | 'cluster' | 'system'
  /** What a reader sees: a login, a token's name, the loop. */
  name: string
}

/** What led to an operation. */
export interface Cause {
  kind: 'tag' | 'commit' | 'person' | 'webhook' | 'chart' | 'values' | 'schedule' | 'operation'
  /** Commit hash, image reference, delivery id, login, operation id. */
  id: string
  text?: string
}

/** What is recorded before its place in the chain is known. */
export interface AuditFact {
  /** Milliseconds since the epoch. */
  at: number
  /** Verb in kebab-case: `release-upgraded`, `promotion-approved`. */
  kind: string
  actor: Actor
  /** Object id or other stable name of what it is about. */
  subject: string
  operation?: string
  causes: Cause[]
  /** Before, after, commit, revision, reason; redacted before it comes here. */
  data: Record<string, unknown>
}

export interface AuditEntry extends AuditFact {
  /** 1 for the first entry, then without gaps. */
  seq: number
  /** `hash` of the entry before; 64 zeros for the first. */
  previousHash: string
  /** SHA-256 hex over the canonical JSON of every other field. */
  hash: string
}

/** A place in the chain written down elsewhere (a Git commit), which the table must still contain. */
export interface Checkpoint {
  seq: number
  hash: string
}

export type ChainFault = 'altered' | 'dropped' | 'reordered' | 'truncated'

export type ChainVerdict =
  | { ok: true; entries: number; head?: Checkpoint }
  /** `seq` names the first bad row. */
  | { ok: false; seq: number; fault: ChainFault; message: string }
