import { Fault } from '#lib/core/fault/index.ts'
import { parseImageRef } from '#lib/core/image/index.ts'
import {
  decideMerge,
  decidePromotion,
  isAtSource,
  type MergeSeen,
  type PlanSeen,
  type PromotionAction,
  type PromotionSeen,
  type PullSeen,
  type SourceMerge,
  type SourceTagSeen,
} from '#lib/core/promotion/index.ts'
import type { SourceHost } from '#lib/ports/source-host.ts'
import type { PromotionRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { findBuilt } from './find-built.ts'
import { planMerge } from './plan-merge.ts'
import { sourceHostOf } from './source-of.ts'

/**
 * What is next for a promotion that is still about the source. `seen` is what is seen of every promotion; undefined = it is
 * none of these.
 */
export async function lookAtMerge(
  deps: WorkerDeps,
  promotion: PromotionRecord,
  seen: PromotionSeen,
): Promise<PromotionAction | undefined> {
  const { sourceMerge: merge } = promotion.facts
  if (!isAtSource(merge)) return undefined
  const now = deps.clock.now()
  const source = await seeSource(deps, promotion, merge)
  // Its images are yet to be built, and nothing of it is in Git.
  const alike: PromotionSeen = { ...seen, images: [], refused: [], commit: { kind: 'none' }, plan: source.plan }
  const { pull, tag, images } = source
  const mergeSeen: MergeSeen = {
    state: promotion.state,
    environment: promotion.environment,
    merge,
    pull,
    tag,
    images,
    acts: seen.stopped === undefined,
    open: decidePromotion({ ...alike, applied: true }, now).kind === 'write',
    abandoned: seen.cancelled !== undefined || goesAnotherWay(deps, seen),
  }
  return decideMerge(mergeSeen, decidePromotion(alike, now), now)
}

function goesAnotherWay({ memory }: WorkerDeps, { newer }: PromotionSeen): boolean {
  const newest = memory.promotions.get(newer.at(-1)?.id ?? '')
  return newest !== undefined && newest.way !== 'merge'
}

interface SourceSeen extends Pick<MergeSeen, 'pull' | 'tag' | 'images'> {
  plan: PlanSeen
}

async function seeSource(deps: WorkerDeps, promotion: PromotionRecord, merge: SourceMerge): Promise<SourceSeen> {
  const ready: PlanSeen = { kind: 'ready', digest: promotion.planDigest }
  const nothing = { tag: { kind: 'unasked' }, images: [] } as const
  let host: SourceHost
  try {
    host = sourceHostOf(deps, promotion.application)
  } catch (error) {
    const pull: PullSeen = { kind: 'unknown', reason: reasonOf(error) }
    return { ...nothing, pull, plan: ready }
  }
  if (merge.merged) return { pull: { kind: 'none' }, plan: ready, ...(await seeMerged(deps, host, promotion, merge)) }
  const pull = await seePull(host, merge)
  // What was merged is no longer planned.
  const isOver = pull.kind === 'merged' || pull.kind === 'unknown'
  return { ...nothing, pull, plan: isOver ? ready : await seePlan(deps, promotion) }
}

async function seePull(host: SourceHost, { pull }: SourceMerge): Promise<PullSeen> {
  if (!pull) return { kind: 'none' }
  try {
    const { state, head } = await host.pullRequest(pull.number)
    return state.kind === 'open' ? { ...state, head } : state
  } catch (error) {
    return { kind: 'unknown', reason: reasonOf(error) }
  }
}

async function seePlan(deps: WorkerDeps, promotion: PromotionRecord): Promise<PlanSeen> {
  const target = deps.memory.releases.get(promotion.release)
  if (!target) return { kind: 'ready', digest: promotion.planDigest }
  try {
    const planned = await planMerge(deps, target, promotion)
    return planned.kind === 'planned' ? { kind: 'ready', digest: planned.plan.digest } : { kind: 'empty' }
  } catch (error) {
    return { kind: 'unknown', reason: reasonOf(error) }
  }
}

async function seeMerged(
  deps: WorkerDeps,
  host: SourceHost,
  promotion: PromotionRecord,
  merge: SourceMerge,
): Promise<Pick<MergeSeen, 'tag' | 'images'>> {
  const tag = await seeTag(host, merge)
  const isBuilding = merge.tag === undefined || tag.kind === 'there'
  const target = deps.memory.releases.get(promotion.release)
  if (!isBuilding || !target || !merge.merged) return { tag, images: [] }
  const { commit, at } = merge.merged
  const built = { commit, since: merge.merged.earlier ? 0 : at, target }
  const images = await Promise.all(
    merge.awaits.map(async (image): Promise<MergeSeen['images'][number]> => {
      const address = parseImageRef(image.repository)
      if (!address) return { kind: 'unknown', reason: 'Its repository has no name.' }
      try {
        const found = await findBuilt(deps, image, built)
        return found ? { kind: 'there', image: found } : { kind: 'awaited', image }
      } catch (error) {
        return { kind: 'unknown', reason: reasonOf(error) }
      }
    }),
  )
  return { tag, images }
}

async function seeTag(host: SourceHost, { tag }: SourceMerge): Promise<SourceTagSeen> {
  if (tag === undefined) return { kind: 'unasked' }
  try {
    const commit = await host.tagCommit(tag)
    return commit === undefined ? { kind: 'absent' } : { kind: 'there', commit }
  } catch (error) {
    return { kind: 'unknown', reason: reasonOf(error) }
  }
}

/** Half an answer changes nothing; what is no Fault is our own. */
function reasonOf(error: unknown): string {
  if (error instanceof Fault) return [error.message, error.suggestion].filter(Boolean).join(' ')
  throw error
}
