import type { Role } from '../access/types.ts'

/** All times are milliseconds since the epoch unless they say otherwise. */

export const gateNames = ['health', 'soak', 'checks', 'approvals', 'freeze'] as const
export type GateName = (typeof gateNames)[number]

/** What has to be given before anything in an environment changes; each absent gate is open. */
export interface Gates {
  /** The source runs what is promoted, and is healthy. */
  health: boolean
  /** Milliseconds for which the source must have been healthy with what is promoted, without a break; 0 = no soak. */
  soakMs: number
  /** Names of what systems outside have to say yes to. */
  checks?: readonly string[]
  approvals?: ApprovalRule
  freeze: FreezeWindow[]
  /** Roles that may override health, soak, checks and freeze with a reason; empty = nobody. Approvals only an admin overrides. */
  override: Role[]
}

export interface ApprovalRule {
  /** Different people; at least 1. */
  count: number
  /** A person counts who has one of these roles in the environment, or a greater one. */
  roles: Role[]
  /** Who must not be among them: whoever asked for the change, whoever wrote it. */
  separate: ('requester' | 'author')[]
}

export type FreezeWindow =
  /** Up to but not including `to`. */
  | { kind: 'once'; from: number; to: number; reason: string }
  /** By the wall clock of an IANA time zone; `to` before `from` = over the end of the week. */
  | { kind: 'weekly'; from: WeekTime; to: WeekTime; zone: string; reason: string }

export interface WeekTime {
  /** 0 = Monday … 6 = Sunday. */
  day: number
  /** After midnight, 0–1439. */
  minute: number
}

/** An environment's gates with the environments it is promoted from: what soaks elsewhere has not soaked there. */
export interface GuardedEnvironment {
  sources: readonly string[]
  gates: Gates
}

/** Someone, as far as known: an account here, an author in Git, or both. */
export interface Identity {
  /** Account id; absent for someone known from Git alone. */
  person?: string
  /** Compared without case. */
  emails: readonly string[]
  name: string
}

export interface Approval {
  by: Identity
  decision: 'approve' | 'reject'
  /** What was looked at when it was given; it counts for nothing else. */
  planDigest: string
  at: number
  /** The role held in this environment now, not when it was given; absent = none any more. */
  role?: Role
}

/** The newest word of a system outside about one check. */
export interface CheckReport {
  name: string
  state: 'pending' | 'success' | 'failure'
  /** What it was said of: what is about a commit is said of each plan that brings it. */
  planDigest: string
  /** One line. */
  description?: string
}

export interface ChecksSeen {
  reports: readonly CheckReport[]
  /** Why the host of the repository could not be asked. */
  unreachable?: string
}

export interface Override {
  gate: GateName
  by: Identity
  /** As for an approval. */
  role?: Role
  /** Blank = does not count. */
  reason: string
  planDigest: string
  at: number
}

/** What a source environment has to say about the very images and chart that are promoted. */
export type SourceSeen =
  /** Runs them now, since `since`. */
  | { kind: 'runs'; environment: string; since: number; health: SourceHealth }
  /** Ran them until something else came; the longest time it was healthy with them. */
  | { kind: 'ran'; environment: string; until: number; healthyMs: number }
  | { kind: 'never'; environment: string }
  /** The environment or its release is no longer there. */
  | { kind: 'gone'; environment: string }
  | { kind: 'unknown'; environment: string; reason: string }

export interface SourceHealth {
  kind: 'healthy' | 'progressing' | 'failing' | 'stuck' | 'unknown'
  reason: string
  since: number
}

/** Everything `evaluateGates` looks at besides the clock. */
export interface GateInput {
  environment: string
  gates: Gates
  /** What approvals and overrides have to have been given for. */
  planDigest: string
  /** Images and charts the change brings, in words; empty = nothing of it can have run elsewhere before. */
  carries: readonly string[]
  /** One of them is enough. */
  sources: readonly SourceSeen[]
  /** Absent = nobody did, such as automation. */
  requester?: Identity
  /** Authors of the commits that are promoted. */
  authors: readonly Identity[]
  approvals: readonly Approval[]
  overrides: readonly Override[]
  /** Absent = nobody has said anything. */
  checks?: ChecksSeen
}

/** Who can get a gate to open, for "approver or admin; not ann, who asked for it". */
export interface WhoCould {
  act: 'approve' | 'override'
  roles: readonly Role[]
  /** These may not, whatever their role. */
  except: readonly { name: string; because: 'requester' | 'author' }[]
}

/** `nextEvaluation`: when the clock alone may change the verdict; absent = only a person or the world can. */
export type GateResult =
  | { gate: GateName; verdict: 'passed'; evidence: string; nextEvaluation?: number }
  | { gate: GateName; verdict: 'waiting'; evidence: string; nextEvaluation?: number; whoCould: WhoCould[] }
  /** Waiting will not help. */
  | { gate: GateName; verdict: 'refused'; evidence: string; whoCould: WhoCould[] }
  | { gate: GateName; verdict: 'overridden'; evidence: string; by: string; reason: string; at: number }
