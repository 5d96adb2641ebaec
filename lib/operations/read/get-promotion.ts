import { Fault } from '#lib/core/fault/index.ts'
import type { PromotionState, SourceMerge } from '#lib/core/promotion/index.ts'
import { commitText } from '#lib/core/commit/index.ts'
import type { CheckRecord, PlanRecord, PromotionRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'
import { gateView, promotionView, type GateView, type PromotionView } from './promotion-view.ts'

/** What a system outside said of the plan that stands. */
export type CheckView = Pick<CheckRecord, 'name' | 'state' | 'description' | 'url' | 'by' | 'at'>

export interface PromotionDetail extends PromotionView {
  gates: GateView[]
  steps: { state: PromotionState; at: number; reason: string }[]
  approvals: {
    name: string
    email: string
    decision: 'approve' | 'reject'
    message?: string
    counts: boolean
    at: number
  }[]
  checks: CheckView[]
  plan?: PlanRecord['plan'] & Omit<PlanRecord, 'plan'>
  /** What the commit will say. */
  commitText: string
  /** For the way `merge`. */
  merge?: MergeView
}

type MergeView = Omit<SourceMerge, 'ran' | 'pin' | 'from' | 'authors' | 'told' | 'refusal' | 'brought'> & {
  /** CI has built it. */
  built: boolean
}

/** One promotion with its plan, gates and timeline. Throws `not-found`, `forbidden`. */
export async function getPromotion(
  deps: { store: Pick<Store, 'getPromotion' | 'getPlan' | 'listApprovals' | 'listChecks' | 'getRelease'> },
  caller: Caller,
  id: string,
): Promise<PromotionDetail> {
  const record = await deps.store.getPromotion(id)
  if (!record)
    throw new Fault('not-found', 'There is no promotion with this id.', {
      suggestion: 'List them: GET /api/v1/promotions.',
    })
  ask(caller, 'promotions:read', record.environment)
  const [plan, approvals, checks, target] = await Promise.all([
    deps.store.getPlan(id),
    deps.store.listApprovals(id),
    deps.store.listChecks(id),
    deps.store.getRelease(record.release),
  ])
  return {
    ...promotionView(record),
    // The gates as the worker last saw them stand with the last step.
    gates: (record.steps.at(-1)?.gates ?? []).map(gateView),
    steps: record.steps.map(({ state, at, reason }) => ({ state, at, reason })),
    approvals: approvals.map(({ name, email, decision, message, planDigest, at }) => ({
      name,
      email,
      decision,
      message,
      counts: planDigest === record.planDigest,
      at,
    })),
    checks: checksOf(record, checks),
    plan: plan && { ...plan.plan, digest: plan.digest, edits: plan.edits, chartVersion: plan.chartVersion },
    merge: record.facts.sourceMerge && mergeView(record.facts.sourceMerge),
    commitText: textOf(record, target ? `${target.namespace}:helmrelease/${target.name}` : record.release),
  }
}

/** One line for each word about the plan that stands, as the checks came; those that say nothing are in the gate's words. */
function checksOf({ planDigest }: PromotionRecord, checks: readonly CheckRecord[]): CheckView[] {
  return checks
    .filter((check) => check.planDigest === planDigest)
    .map(({ name, state, description, url, by, at }) => ({ name, state, description, url, by, at }))
}

function mergeView(merge: SourceMerge): MergeView {
  const { repository, url, head, base, newer, commits, count, files, tag, pull, merged, awaits, brought } = merge
  return {
    repository,
    url,
    head,
    base,
    newer,
    commits,
    count,
    files,
    tag,
    pull,
    merged,
    awaits,
    built: brought === true,
  }
}

function textOf({ id, facts, source, operation }: PromotionRecord, target: string): string {
  return commitText([
    {
      kind: 'promote',
      target,
      images: facts.images.map(({ repository, tag }) => `${repository}:${tag}`),
      message: facts.message,
      operation: operation ?? '…',
      actor: facts.requester?.name ?? 'automation',
      cause: `promotion ${id}${source ? ` from ${source}` : ''}`,
    },
  ])
}
