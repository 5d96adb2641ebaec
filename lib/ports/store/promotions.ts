import type { GateName, Identity } from '../../core/gate/index.ts'
import type { Plan } from '../../core/plan/index.ts'
import type { PromotedImage, PromotionCarrier, PromotionState, PromotionStep } from '../../core/promotion/index.ts'
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
  images: PromotedImage[]
  /** Edits of the target's document; empty for what Git says already. */
  changes: DocumentChange[]
  /** What the edits start from: image by container. */
  expects: Record<string, string>
  /** File of the target's document. */
  path: string
  /** Commit whose content is let through, for what Git says already. */
  commit?: string
  /** Someone clicked, having seen this plan. */
  applied?: { by: string; at: number; planDigest: string }
  /** Who took it back. */
  cancelled?: string
  /** The way back that verification asked for. */
  rollback?: { operation: string; state: 'under-way' | 'done' | 'failed'; reason?: string }
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
