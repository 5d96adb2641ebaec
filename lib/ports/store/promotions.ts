import type { GateName, Gates, Identity } from '../../core/gate/index.ts'
import type { Plan } from '../../core/plan/index.ts'
import type {
  PromotedImage,
  PromotionCarrier,
  PromotionState,
  PromotionStep,
  SourceMerge,
} from '../../core/promotion/index.ts'
import type { DocumentChange } from '../../core/values/index.ts'
import type { Page } from './index.ts'
import type { Cause } from './records.ts'

/** What a promotion is to do and for whom; everything but the plan itself. */
export interface PromotionFacts {
  cause: Cause
  /** Absent = automation or a push, nobody in particular. */
  requester?: Identity
  /** Of the commits that are promoted. */
  authors: Identity[]
  message?: string
  /** Those that were asked for together share it, and their commit. */
  bulk?: string
  images: PromotedImage[]
  /** Edits of the target's document; empty for what Git says already. */
  changes: DocumentChange[]
  /** What the edits start from: image by container. */
  expects: Record<string, string>
  /** File of the target's document. */
  path: string
  /** Commit whose content is let through, for what Git says already. */
  commit?: string
  /** What is merged at the source, for the way `merge`. */
  sourceMerge?: SourceMerge
  /** Chart that it brings: digest and `name version`; absent = the one that is deployed. */
  chart?: { digest: string; name: string }
  /** Why the chart of a gated environment goes on to follow what its document names; for the plan. */
  unpinned?: string
  /** Digest of chart, values and options that the plan deploys: this and nothing else may pass the gates under it. */
  inputs?: string
  /** Some of its tags are to be put into the registry before it is written. */
  tagsFirst?: boolean
  /** Digest of the plan for which its pull request is to be merged. */
  merge?: string
  /** Its pull request. */
  pullRequest?: { number: number; url: string }
  /** Someone clicked, having seen this plan. */
  applied?: { by: string; at: number; planDigest: string }
  /** Who took it back. */
  cancelled?: string
  /** What the registry said when it took no tag from us. */
  denied?: string
  /** The way back that verification asked for, and what was not well; `reason` = why there is no such way. */
  rollback?: { operation: string; state: 'under-way' | 'failed'; because: string; reason?: string }
}

export interface PromotionRecord {
  id: string
  /** Target release. */
  release: string
  application: string
  environment: string
  /** Environment it comes from. */
  source?: string
  way: PromotionCarrier
  state: PromotionState
  reason: string
  planDigest: string
  facts: PromotionFacts
  steps: PromotionStep[]
  operation?: string
  createdAt: number
  endedAt?: number
}

/** What is shown to whoever decides. */
export interface PlanRecord {
  digest: string
  plan: Plan
  edits: { path: string; before: string; after: string }[]
  chartVersion: string
}

export interface ApprovalRecord {
  promotion: string
  person: string
  email: string
  name: string
  decision: 'approve' | 'reject'
  planDigest: string
  message?: string
  at: number
}

export interface OverrideRecord {
  promotion: string
  gate: GateName
  person: string
  email: string
  name: string
  reason: string
  planDigest: string
  at: number
}

/** What an environment is held to: its gates, and where it is promoted from if that is said. */
export interface GuardedRules {
  from?: string[]
  gates: Gates
}

/** Gates that a commit makes looser: what is committed waits for what was accepted. */
export interface LooseningRecord {
  /** Of both; approvals are given for it. */
  digest: string
  commit: string
  author: { name: string; email: string }
  since: number
  /** Each loosening, without a full stop. */
  what: string[]
  approvals: {
    person: string
    email: string
    name: string
    decision: 'approve' | 'reject'
    message?: string
    at: number
  }[]
  /** What it waits for; empty = not judged yet. */
  reason: string
}

/** Fact `guards`: what is in force per environment, of one branch of one repository. */
export interface GuardFact {
  repository: string
  branch: string
  environments: Record<string, { accepted: GuardedRules; loosening?: LooseningRecord }>
}

export interface PromotionStore {
  savePromotion(record: PromotionRecord): Promise<void>
  getPromotion(id: string): Promise<PromotionRecord | undefined>
  /** Newest first. */
  listPromotions(filter: {
    release?: string
    application?: string
    open?: boolean
    after?: string
    limit?: number
  }): Promise<Page<PromotionRecord>>
  savePlan(promotion: string, plan: PlanRecord): Promise<void>
  getPlan(promotion: string): Promise<PlanRecord | undefined>
  /** A second word of one person about one plan takes the place of the first. */
  saveApproval(record: ApprovalRecord): Promise<void>
  listApprovals(promotion: string): Promise<ApprovalRecord[]>
  saveOverride(record: OverrideRecord): Promise<void>
  listOverrides(promotion: string): Promise<OverrideRecord[]>
}
