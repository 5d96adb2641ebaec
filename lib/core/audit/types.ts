/** What is recorded before its place in the chain is known. */
export interface AuditFact {
  /** Milliseconds since the epoch. */
  at: number
  /** `<noun>.<what>`: `commit.intent`, `upgrade.failed`. */
  kind: string
  /** `automation`, `git: <author>`, `cluster`, or a person's e-mail. */
  actor: string
  /** Object id, release id or repository it is about. */
  subject: string
  environment?: string
  release?: string
  operation?: string
  commit?: string
  revision?: number
  reason?: string
  intent?: string
  /** What led to it, oldest first, where that is more than one thing. */
  causes?: readonly unknown[]
  /** Before, after, evidence; redacted before it comes here. */
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
