import { Fault } from '#lib/core/fault/index.ts'
import { hasEnded } from '#lib/core/promotion/index.ts'
import type { GateName } from '#lib/core/gate/index.ts'
import type { CommandRecord, PromotionRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from '../work/deps.ts'
import { beginPromotion } from '../work/begin-promotion.ts'
import { changePromotion } from '../work/change-promotion.ts'
import { authorsOf } from '../work/make-merge.ts'
import { makePromotion, type WantedPromotion } from '../work/make-promotion.ts'
import { promotionAudit } from '../work/promotion-audit.ts'
import type { CommandResult } from './execute-command.ts'

/** Plans a promotion and keeps it; nothing outside changes until somebody applies it. */
export async function promote(
  deps: WorkerDeps,
  command: CommandRecord,
  id: string,
  wanted: WantedPromotion & { message?: string; bulk?: string },
): Promise<CommandResult> {
  const made = await makePromotion(deps, wanted)
  if (made.changes.length === 0 && !made.merge)
    throw new Fault('conflict', `${made.target.name} runs what ${made.source.environment} runs already.`)
  const { actor } = command
  const begun = await beginPromotion(deps, made.target, {
    id,
    release: made.target.id,
    application: wanted.application,
    environment: wanted.to,
    source: made.source.environment,
    way: made.way,
    reason: `Planned by ${actor.name}. ${made.wayReason}`,
    facts: {
      cause: { kind: 'person', actor: actor.email, note: wanted.message },
      requester: { person: actor.id, emails: [actor.email], name: actor.name },
      authors: made.merge ? authorsOf(made.merge) : [],
      message: wanted.message,
      bulk: wanted.bulk,
      images: made.images,
      changes: made.changes,
      expects: made.expects,
      tagsFirst: made.tagsFirst,
      unpinned: made.unpinned,
      path: made.target.path,
      sourceMerge: made.merge,
    },
  })
  if (begun.kind === 'empty') throw new Fault('conflict', 'Git says already what would be promoted.')
  if (begun.kind === 'refused')
    throw new Fault('invalid', begun.problem.message, { suggestion: begun.problem.suggestion })
  return { message: begun.promotion.reason }
}

/** A person's word about one very plan. The requester's own does not count where they are to be separate. */
export async function approvePromotion(
  deps: WorkerDeps,
  command: CommandRecord,
  promotion: PromotionRecord,
  said: { planDigest: string; decision: 'approve' | 'reject'; message?: string },
): Promise<CommandResult> {
  assertPlan(promotion, said.planDigest)
  const { actor } = command
  await deps.store.transaction(async (store) => {
    await store.saveApproval({
      promotion: promotion.id,
      person: actor.id,
      email: actor.email,
      name: actor.name,
      decision: said.decision,
      planDigest: said.planDigest,
      message: said.message,
      at: deps.clock.now(),
    })
    const kind = said.decision === 'approve' ? 'promotion.approval-given' : 'promotion.approval-refused'
    await store.record([promotionAudit(deps, promotion, kind, { actor: actor.email, reason: said.message })])
  })
  deps.wakeups.wake('promote', promotion.id)
  return { message: said.decision === 'approve' ? 'Approved.' : 'Rejected.' }
}

/** Carries the plan out as soon as its gates are open. */
export async function applyPromotion(
  deps: WorkerDeps,
  command: CommandRecord,
  promotion: PromotionRecord,
  said: { planDigest: string; message?: string },
): Promise<CommandResult> {
  const { actor } = command
  await changePromotion(deps, promotion, async (latest) => {
    assertPlan(latest, said.planDigest)
    const applied = { by: actor.email, at: deps.clock.now(), planDigest: said.planDigest }
    const facts = { ...latest.facts, applied, message: said.message ?? latest.facts.message }
    await keep(deps, { ...latest, facts }, 'promotion.applied', actor.email, said.message)
  })
  return { message: 'It goes on as soon as its gates are open.' }
}

export async function overrideGate(
  deps: WorkerDeps,
  command: CommandRecord,
  promotion: PromotionRecord,
  said: { planDigest: string; gate: GateName; message: string },
): Promise<CommandResult> {
  assertPlan(promotion, said.planDigest)
  const { actor } = command
  await deps.store.transaction(async (store) => {
    await store.saveOverride({
      promotion: promotion.id,
      gate: said.gate,
      person: actor.id,
      email: actor.email,
      name: actor.name,
      reason: said.message,
      planDigest: said.planDigest,
      at: deps.clock.now(),
    })
    const more = { actor: actor.email, reason: said.message, data: { gate: said.gate } }
    await store.record([promotionAudit(deps, promotion, 'promotion.gate-overridden', more)])
  })
  deps.wakeups.wake('promote', promotion.id)
  return { message: `The gate ${said.gate} is overridden.` }
}

export async function withdrawPromotion(
  deps: WorkerDeps,
  command: CommandRecord,
  promotion: PromotionRecord,
  message: string | undefined,
): Promise<CommandResult> {
  const { actor } = command
  await changePromotion(deps, promotion, (latest) =>
    keep(
      deps,
      { ...latest, facts: { ...latest.facts, cancelled: actor.name } },
      'promotion.withdrawn',
      actor.email,
      message,
    ),
  )
  return { message: 'It is taken back, unless it is written already.' }
}

async function keep(deps: WorkerDeps, next: PromotionRecord, kind: string, actor: string, reason: string | undefined) {
  await deps.store.transaction(async (store) => {
    await store.savePromotion(next)
    await store.record([promotionAudit(deps, next, kind, { actor, reason })])
  })
  deps.memory.promotions.set(next.id, next)
  deps.wakeups.wake('promote', next.id)
}

/** Nothing is said to what has ended, or about another plan than the one that stands. Throws `conflict`. */
export function assertPlan(promotion: PromotionRecord, planDigest: string): void {
  if (hasEnded(promotion.state))
    throw new Fault('conflict', `This promotion is ${promotion.state}.`, { suggestion: 'Promote again.' })
  if (promotion.planDigest !== planDigest)
    throw new Fault('conflict', 'The plan has changed since you looked at it.', {
      suggestion: 'Look at the new plan and decide again.',
    })
}
