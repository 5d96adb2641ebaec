import { evaluateGates } from '#lib/core/gate/index.ts'
import { formatImageRef } from '#lib/core/image/index.ts'
import { recordStep, type PromotedImage, type SourceMerge } from '#lib/core/promotion/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { DocumentChange } from '#lib/core/values/index.ts'
import type { PromotionFacts, PromotionRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import { chartCarried } from './carry-chart.ts'
import { changePromotion } from './change-promotion.ts'
import { helmReleaseId, type WorkerDeps } from './deps.ts'
import { planPromotion } from './plan-promotion.ts'
import { promotionAudit } from './promotion-audit.ts'
import { seeGates } from './see-promotion.ts'

/**
 * What CI has built becomes the plan: approvals and gates are for these images from now on, those for the source count no
 * longer. Where nothing can come of it, the next look says why.
 */
export async function bringImages(
  deps: WorkerDeps,
  promotion: PromotionRecord,
  merge: SourceMerge,
  built: readonly PromotedImage[],
): Promise<void> {
  const target = deps.memory.releases.get(promotion.release)
  const desired = target && desiredOf(deps, target)
  if (!target || !desired) return
  const facts = { ...promotion.facts, ...(await changesFor(deps, promotion, { target, desired, merge, built })) }
  const planned = await planPromotion(deps, target, { ...promotion, facts })
  await changePromotion(deps, promotion, async (latest) => {
    const { applied, cancelled } = latest.facts
    const next: PromotionRecord = { ...latest, facts: { ...facts, applied, cancelled } }
    const full = planned.kind === 'planned' ? await withPlan(deps, next, planned) : next
    await deps.store.transaction(async (store) => {
      await store.savePromotion(full)
      if (planned.kind === 'planned') await store.savePlan(full.id, planned.plan)
      const data = { images: built.map(({ repository, tag, digest }) => ({ repository, tag, digest })) }
      await store.record([promotionAudit(deps, full, 'promotion.images-built', { reason: promotion.reason, data })])
    })
    deps.memory.promotions.set(full.id, full)
    // A plan that could not be made is made again, and says so itself.
    if (planned.kind !== 'planned') deps.memory.plannedAt.delete(full.id)
  })
}

async function withPlan(
  deps: WorkerDeps,
  promotion: PromotionRecord,
  { plan, facts }: Extract<Awaited<ReturnType<typeof planPromotion>>, { kind: 'planned' }>,
): Promise<PromotionRecord> {
  const planDigest = plan.digest
  const next = { ...promotion, planDigest, facts: { ...promotion.facts, ...facts } }
  const { environment } = promotion
  const now = deps.clock.now()
  const gates = evaluateGates({ ...(await seeGates(deps, next)), environment, planDigest }, now)
  return { ...next, steps: recordStep(next.steps, next, gates, now) }
}

function desiredOf({ memory }: WorkerDeps, target: ReleaseRecord): DesiredRelease | undefined {
  return memory.snapshot?.releases.find(({ id }) => id === helmReleaseId(target))
}

interface Bringing {
  target: ReleaseRecord
  desired: DesiredRelease
  merge: SourceMerge
  built: readonly PromotedImage[]
}

/** Images that nobody had to build come as they are in the source; the chart as with any other way. */
async function changesFor(
  deps: WorkerDeps,
  promotion: PromotionRecord,
  { target, desired, merge, built }: Bringing,
): Promise<Pick<PromotionFacts, 'images' | 'changes' | 'expects' | 'sourceMerge' | 'unpinned' | 'path'>> {
  const images = merge.from.map((image) => built.find(({ container }) => container === image.container) ?? image)
  const pairs = images.flatMap((image) => {
    const container = desired.containers.find(({ name }) => name === image.container)
    return container ? [{ image, container }] : []
  })
  const changed = pairs.flatMap(({ image, container }): DocumentChange[] => {
    if (container.image.tag === image.tag) return []
    const digest = container.image.digest === undefined ? {} : { digest: image.digest }
    return [{ kind: 'image', container: container.name, tag: image.tag, ...digest }]
  })
  const source = sourceOf(deps, promotion)
  const chart = await chartCarried(deps, { record: target, desired }, source)
  const pins = chart.kind === 'pin' && (changed.length > 0 || chart.moves) ? [chart.change] : []
  return {
    images,
    changes: [...changed, ...pins],
    expects: Object.fromEntries(pairs.map(({ container }) => [container.name, formatImageRef(container.image)])),
    sourceMerge: { ...merge, brought: true },
    path: target.path,
    ...(chart.kind === 'cannot' ? { unpinned: chart.reason } : {}),
  }
}

function sourceOf(deps: WorkerDeps, { application, source }: PromotionRecord) {
  const record = [...deps.memory.releases.values()].find(
    (one) => one.desired && one.application === application && one.environment === source,
  )
  const desired = record && desiredOf(deps, record)
  return record && desired && { record, desired }
}
