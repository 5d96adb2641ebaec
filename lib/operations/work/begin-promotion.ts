import { evaluateGates } from '#lib/core/gate/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import { isAtSource, recordStep } from '#lib/core/promotion/index.ts'
import type { PromotionRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { planMerge } from './plan-merge.ts'
import { planPromotion } from './plan-promotion.ts'
import { promotionAudit } from './promotion-audit.ts'
import { seeGates } from './see-promotion.ts'

export type DraftPromotion = Omit<PromotionRecord, 'state' | 'planDigest' | 'steps' | 'createdAt' | 'endedAt'>

export type Begun =
  | { kind: 'begun'; promotion: PromotionRecord }
  /** Git, or the cluster, is already what it was to become. */
  | { kind: 'empty' }
  | { kind: 'refused'; problem: Problem }

/** Plans a promotion and keeps it; nothing outside changes until its gates are open and it is applied. */
export async function beginPromotion(deps: WorkerDeps, target: ReleaseRecord, draft: DraftPromotion): Promise<Begun> {
  const now = deps.clock.now()
  const promotion: PromotionRecord = { ...draft, state: 'planned', planDigest: '', steps: [], createdAt: now }
  const commit = deps.memory.snapshot?.commit
  const planned = await (isAtSource(draft.facts.sourceMerge) ? planMerge : planPromotion)(deps, target, promotion)
  if (planned.kind !== 'planned') return planned
  const { plan, facts } = planned
  const known = { ...promotion, planDigest: plan.digest, facts: { ...promotion.facts, ...facts } }
  const { environment } = draft
  const gates = evaluateGates({ ...(await seeGates(deps, known)), environment, planDigest: plan.digest }, now)
  const full = { ...known, steps: recordStep([], known, gates, now) }
  await deps.store.transaction(async (store) => {
    await store.savePromotion(full)
    await store.savePlan(full.id, plan)
    await store.record([
      promotionAudit(deps, full, 'promotion.planned', { reason: draft.facts.message ?? draft.reason }),
    ])
  })
  deps.memory.promotions.set(full.id, full)
  // Its loop need not make the same plan once more.
  if (commit !== undefined) deps.memory.plannedAt.set(full.id, commit)
  // With those before it, which it supersedes.
  deps.wakeups.wake('promote', target.id)
  deps.wakeups.wake('outbox')
  return { kind: 'begun', promotion: full }
}
