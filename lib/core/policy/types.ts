import type { Problem } from '../problem/index.ts'

/** A tag filter (`fluxcd.io/tag.<container>`), semantics of Flux v1 as narrowed by Wheelhouse (§1, §9.1–9.7). */
export type Policy =
  { kind: 'glob'; expression: string } | { kind: 'semver'; expression: string } | { kind: 'regexp'; expression: string }

export type ParsedPolicy = { ok: true; policy: Policy } | { ok: false; problem: Problem }

/** What is known of one tag. Times are milliseconds since the epoch. */
export interface TagFact {
  name: string
  /** Build time from the image config; `null` = read and absent; `undefined` = not read yet. */
  created?: number | null
  /** When Wheelhouse promoted this tag by re-tagging; counts when later than `created`. */
  promotedAt?: number
  digest?: string
  /** No longer listed by the registry; still counts as what runs, never chosen. */
  vanished?: boolean
}

export type TagVerdictKind =
  | 'selected'
  | 'current'
  | 'older'
  | 'not-matched'
  | 'no-build-time'
  | 'time-unread'
  | 'refused'
  | 'vanished'
  | 'outranked'
  | 'unparseable'

export interface TagVerdict {
  tag: string
  verdict: TagVerdictKind
  /** One sentence a person reads: "0.5.0 is outside ~0.4 (>=0.4.0, <0.5.0)". */
  reason: string
}

/** What automation would do for one container, with the reason page, audit and log all show. */
export type PolicyDecision =
  | { kind: 'move'; tag: string; reason: string }
  | { kind: 'stay'; reason: string }
  | { kind: 'waiting'; reason: string; read: number; of: number; unread: string[] }
  | { kind: 'blocked'; problem: Problem }

export interface PolicyInput {
  policy: Policy
  /** The tag that runs (from Git), if any. */
  current?: string
  /** Recorded facts of the current tag when the registry no longer lists it. */
  currentFact?: TagFact
  tags: readonly TagFact[]
  /** `wheelhouse.dev/refuse.<container>`. */
  refused?: readonly string[]
}
