import type { GateInput, GateResult } from '../gate/types.ts'
import type { HeldAction, HoldsSeen, RefusedTag } from '../hold/index.ts'
import type { PromotionWay } from '../pipeline/types.ts'
import type { Problem } from '../problem/index.ts'

/** All times are milliseconds since the epoch. */

const openStates = ['planned', 'waiting', 'approved', 'writing', 'deploying', 'verifying'] as const
const endStates = ['verified', 'refused', 'failed', 'superseded', 'rolled-back'] as const
export const promotionStates = [...openStates, ...endStates] as const

/**
 * - `planned`: there is a plan; nobody has looked at the gates yet.
 * - `waiting`: for a gate, or for what cannot be told just now.
 * - `approved`: the gates are open.
 * - `writing`: recorded before anything outside changes; its containers are reserved from here on.
 * - `deploying`: its commit is in the branch.
 * - `verifying`: Helm has deployed it; whether it becomes healthy is watched.
 */
export type PromotionState = (typeof promotionStates)[number]
export type EndState = (typeof endStates)[number]

/**
 * How a promotion reaches the target. `let-through` = Git says it already (a push, a changed source of values), and only
 * the gates keep it from the cluster.
 */
export type PromotionCarrier = PromotionWay | 'let-through'

/** One image that a promotion brings, as planned. */
export interface PromotedImage {
  container: string
  /** Canonical `host/path` at the target. */
  repository: string
  /** What is written for the target. */
  tag: string
  digest: string
}

/** The same with what the registry says of it now. */
export interface ImageSeen extends PromotedImage {
  /** Whether the target repository has the planned digest. */
  content: 'there' | 'missing' | 'unknown'
  tagged: { kind: 'absent' } | { kind: 'digest'; digest: string } | { kind: 'unknown'; reason: string }
  /** Why the registry takes no tag from us, if it said so. */
  denied?: string
}

export type PlanSeen =
  | { kind: 'ready'; digest: string }
  /** The target is what it was to become. */
  | { kind: 'empty' }
  /** Something else would be let through by now than what it is about. */
  | { kind: 'moved' }
  /** It does not render, or something it needs is gone. */
  | { kind: 'failed'; problem: Problem }
  | { kind: 'unknown'; reason: string }

/** The commit with the operation's id, wherever it is. */
export type CommitSeen =
  | { kind: 'none' }
  /** Handed to the writer, not pushed. */
  | { kind: 'queued' }
  /** In a pull request of its own, once there is one; `problem` = what keeps it from being merged. */
  | { kind: 'proposed'; pullRequest?: { number: number; url: string }; problem?: string; merging: boolean }
  | { kind: 'pushed'; commit: string }
  /** The branch took no push, or the document no edit. */
  | { kind: 'refused'; reason: string }
  /** Git says something else by now than what the edit started from. */
  | { kind: 'superseded'; reason: string }
  | { kind: 'unknown'; reason: string }

/** What became of the operation in the cluster. */
export type DeploySeen =
  | { kind: 'none' }
  | { kind: 'waiting'; reason: string }
  | { kind: 'running' }
  | { kind: 'deployed'; revision: number; at: number }
  | { kind: 'failed'; reason: string }
  | { kind: 'blocked'; problem: Problem }
  /** Something newer was deployed, or is wanted, in its place. */
  | { kind: 'superseded'; by: string }

/** The health that was judged, and of which Helm revision. */
export interface HealthSeen {
  kind: 'healthy' | 'progressing' | 'failing' | 'stuck' | 'unknown'
  reason: string
  revision?: number
}

/** The way back that verification asked for, if it did; `because` = what was not well, in a sentence. */
export type RollbackSeen =
  | { kind: 'none' }
  | { kind: 'under-way'; operation: string; because: string }
  | { kind: 'done'; operation: string; because: string }
  | { kind: 'failed'; operation: string; because: string; reason: string }

/** Another promotion of the same release that has not ended. */
export interface QueuedPromotion {
  id: string
  state: PromotionState
}

/** Everything `decidePromotion` looks at. */
export interface PromotionSeen {
  id: string
  /** As recorded; after a crash the world may be further. */
  state: PromotionState
  /** As recorded with it. */
  reason?: string
  way: PromotionCarrier
  environment: string
  /** `gone` = environment or release are no longer in Git. */
  target: 'there' | 'gone'
  /** The digest people were shown, and whether one of them approved it, overrode a gate for it, or had it applied. */
  planned: { digest: string; bound: boolean }
  /** The plan computed anew. */
  plan: PlanSeen
  /** A person clicked, or its cause needs none. */
  applied: boolean
  /** Who took it back, in words; counts until it is written. */
  cancelled?: string
  images: readonly ImageSeen[]
  /** Some of its tags are to be put into the registry before it is written. */
  tagsFirst: boolean
  /** Those of its tags that the target refuses. */
  refused: readonly RefusedTag[]
  gates: Omit<GateInput, 'planDigest' | 'environment'>
  holds: HoldsSeen
  /** What a hold takes it for: a push that edits the held document passes, whatever else is let through does not. */
  heldAs: HeldAction
  /** Stop, or only observed: nothing is written. The text says which and why. */
  stopped?: string
  /** Begun before this one, and after it; each in the order of their beginning. */
  older: readonly QueuedPromotion[]
  newer: readonly QueuedPromotion[]
  /** Not looked at for what is let through. */
  commit: CommitSeen
  deploy: DeploySeen
  health: HealthSeen
  verify: { timeoutMs: number; rollback: boolean }
  rollback: RollbackSeen
}

/** What is said of a promotion at its pull request. */
export interface Told {
  state: 'pending' | 'success' | 'failure'
  /** One line. */
  description: string
}

/** What is done in the source repository, or with what came out of it. */
export type MergeStep =
  | { kind: 'open' }
  /** From a branch of ours at the planned commit, in place of one that has moved on. */
  | { kind: 'pin' }
  | { kind: 'tell'; told: Told }
  | { kind: 'merge'; number: number; head: string }
  /** `by`: account at the host. */
  | { kind: 'note-merged'; commit: string; by?: string }
  | { kind: 'close'; number: number }
  | { kind: 'tag'; name: string; commit: string }
  | { kind: 'bring'; images: PromotedImage[] }

/** The one thing to do next, the state it is in, and the reason that page, audit and log all show. */
export type PromotionAction =
  /** `until` = when the clock alone may change the decision; absent = woken by what it waits for. */
  | { kind: 'wait'; state: PromotionState; reason: string; until?: number }
  /** Nobody is bound to the old plan yet: show the new one. */
  | { kind: 'replan'; state: 'planned'; digest: string; reason: string }
  | { kind: 're-tag'; state: 'writing'; images: PromotedImage[]; reason: string }
  | { kind: 'write'; state: 'writing'; reason: string }
  /** Open a pull request with it, whose check its gates hold. */
  | { kind: 'propose'; state: 'waiting' | 'approved'; reason: string }
  /** Something in the source repository, before there is anything to write. */
  | { kind: 'source'; state: PromotionState; step: MergeStep; reason: string }
  /** Record that the release may take up what Git says, under this plan's digest. */
  | { kind: 'let-through'; state: 'deploying'; reason: string }
  /** Take the edit back from the writer, who has not pushed it. */
  | { kind: 'withdraw'; state: 'writing'; reason: string }
  | { kind: 'verify'; state: 'verifying'; reason: string; until?: number }
  | { kind: 'rollback'; state: 'deploying' | 'verifying'; reason: string }
  | { kind: 'supersede'; state: 'superseded'; by: string; reason: string }
  | { kind: 'refuse'; state: 'refused'; problem: Problem; reason: string }
  | { kind: 'fail'; state: 'failed'; reason: string }
  | { kind: 'done'; state: EndState; reason: string }

export interface PromotionStep {
  state: PromotionState
  /** When it came into this state. */
  at: number
  /** The last reason given in it. */
  reason: string
  /** The gates as they were when it left the state, or are. */
  gates: readonly GateResult[]
}

export function hasEnded(state: PromotionState): state is EndState {
  return endStates.some((end) => end === state)
}
