import type { GateInput, GateResult } from '../gate/types.ts'
import type { HoldsSeen } from '../hold/index.ts'
import type { Policy, TagFact } from '../policy/types.ts'
import type { Problem } from '../problem/index.ts'
import type { DeploySeen, HealthSeen, PromotionState } from '../promotion/types.ts'
import type { Mode } from '../release/types.ts'

/** All times are milliseconds since the epoch. */

/** From the registry to healthy pods, in the order in which a tag passes them. */
export const whyNotGates = [
  'seen',
  'build-time',
  'filter',
  'newest',
  'not-refused',
  'automation',
  'no-hold',
  'no-stop',
  'acting',
  'freeze',
  'approvals',
  'checks',
  'soak',
  'source-health',
  'commit',
  'fetched',
  'chart',
  'values',
  'deployed',
  'healthy',
] as const
export type WhyNotGate = (typeof whyNotGates)[number]

export interface WhyNotStep {
  gate: WhyNotGate
  /**
   * - `blocked`: stands in the way, and not because of another gate.
   * - `pending`: comes by itself, or when what stands in the way is gone.
   * - `unknown`: cannot be told.
   */
  verdict: 'passed' | 'blocked' | 'pending' | 'unknown'
  /** Sentences. */
  evidence: string
  /** When the clock alone may change the verdict. */
  nextEvaluation?: number
}

/** What is known of one tag on its way into one container of a release. */
export interface WhyNotSeen {
  tag: string
  container: string
  environment: string
  registry: RegistrySeen
  /** Everything the automation would decide from, but what is refused. */
  filter:
    | { kind: 'filter'; policy: Policy; current?: string; currentFact?: TagFact; tags: readonly TagFact[] }
    | { kind: 'problem'; problem: Problem }
  refused: readonly string[]
  automation: 'on' | 'off' | 'ignored'
  /** A promotion on its way, or through, that brings this tag. */
  promotion?: { id: string; state: PromotionState }
  holds: HoldsSeen
  /** Why nothing is committed or deployed. */
  stopped?: string
  mode: Mode
  gates: GatesAsked
  commit: TagCommit
  fetch: { kind: 'fetched' } | { kind: 'behind' } | { kind: 'unreachable'; reason: string; nextFetchAt?: number }
  chart: Readiness
  values: Readiness
  /** Of this tag; `none` while another is deployed. */
  deploy: DeploySeen
  health: HealthSeen
}

export type RegistrySeen =
  | { kind: 'listed'; firstSeenAt: number }
  /** `scannedAt` absent = never scanned. */
  | { kind: 'absent'; scannedAt?: number; nextScanAt?: number }
  | { kind: 'vanished'; at: number }
  | { kind: 'unreachable'; reason: string; nextScanAt?: number }

export type GatesAsked =
  /** Without a promotion nobody can have approved: no approvals, and any digest. */
  | { kind: 'asked'; input: GateInput }
  /** They let the tag through before, as they were then; what they would say of it now is no matter. */
  | { kind: 'passed'; results: readonly GateResult[] }

export type TagCommit =
  /** What a promotion waits for besides its gates, if it does. */
  | { kind: 'none'; reason?: string }
  | { kind: 'queued' }
  /** Absent = Git says so, and whose commit it was is not known. */
  | { kind: 'written'; commit?: string }
  | { kind: 'refused'; reason: string }

export type Readiness =
  | { kind: 'ready' }
  /** On its way. */
  | { kind: 'waiting'; reason: string }
  | { kind: 'failed'; problem: Problem }
