import { repositoryName } from '#lib/core/image/index.ts'
import { rulesOf } from '#lib/core/pipeline/index.ts'
import {
  hasEnded,
  promotionBringing,
  reservesForMerge,
  type PromotedImage,
  type Reserving,
} from '#lib/core/promotion/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { PromotionRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import { beginPromotion } from './begin-promotion.ts'
import { chartCarried } from './carry-chart.ts'
import { expectsOf, toChange, type ContainerDecision } from './decide-containers.ts'
import type { WorkerDeps } from './deps.ts'
import { guardInForce } from './guards.ts'

/** The newest of them decide. */
const promotionsLookedAt = 20

/** What automation would commit to a gated environment becomes a promotion that waits for the gates (§9.15). */
export async function promoteMoves(
  deps: WorkerDeps,
  record: ReleaseRecord,
  release: DesiredRelease,
  moves: readonly ContainerDecision[],
): Promise<void> {
  const images: PromotedImage[] = []
  for (const move of moves) {
    const image = await imageOf(deps, release, move)
    // It vanished meanwhile; the next scan says so.
    if (!image) return
    images.push(image)
  }
  if (await isKnown(deps, record, images)) return
  const [{ repository, tag }] = images as [PromotedImage]
  const { environment, application } = record
  // What automation found is an image: the chart stays where it is.
  const chart = await chartCarried(deps, { record, desired: release })
  await beginPromotion(deps, record, {
    id: deps.newId('pr'),
    release: record.id,
    application,
    environment,
    source: guardInForce(deps, record).inForce.sources[0],
    way: deps.gitHost && rulesOf(deps.memory.config, environment).way === 'pull-request' ? 'pull-request' : 'commit',
    reason: `Automation found ${images.map((image) => image.tag).join(', ')}. It waits for the gates of ${environment}.`,
    facts: {
      cause: { kind: 'tag', repository, tag },
      authors: [],
      images,
      changes: [...moves.map(toChange), ...(chart.kind === 'pin' ? [chart.change] : [])],
      expects: expectsOf(moves),
      path: release.path,
      ...(chart.kind === 'cannot' ? { unpinned: chart.reason } : {}),
    },
  })
}

async function imageOf(
  deps: WorkerDeps,
  release: DesiredRelease,
  { container, decision, digest }: ContainerDecision,
): Promise<PromotedImage | undefined> {
  if (decision.kind !== 'move') return undefined
  const registry = await deps.registry(container.image.host, [release.targetNamespace])
  const found = digest ?? (await registry.headTag(container.image, decision.tag))?.digest
  if (found === undefined) return undefined
  return { container: container.name, repository: repositoryName(container.image), tag: decision.tag, digest: found }
}

/** The promotions under way as far as they may reserve containers. */
export function reserving({ memory, clock }: Pick<WorkerDeps, 'memory' | 'clock'>): Reserving[] {
  return [...memory.promotions.values()].map(({ facts, ...rest }) => {
    return { ...rest, images: facts.images, building: reservesForMerge(facts.sourceMerge, rest.state, clock.now()) }
  })
}

/** On its way already, or decided before: nobody is asked twice about the same images. */
async function isKnown(
  { memory, clock, store }: WorkerDeps,
  record: ReleaseRecord,
  images: readonly PromotedImage[],
): Promise<boolean> {
  if (promotionBringing(reserving({ memory, clock }), record.id, images) !== undefined) return true
  const { items } = await store.listPromotions({ release: record.id, limit: promotionsLookedAt })
  return items.some((promotion) => isDecided(promotion) && bringsAll(promotion, images))
}

function isDecided({ state, facts }: PromotionRecord): boolean {
  return hasEnded(state) && state !== 'superseded' && facts.cause.kind === 'tag'
}

function bringsAll({ facts }: PromotionRecord, images: readonly PromotedImage[]): boolean {
  return images.every(({ container, tag, digest }) =>
    facts.images.some((its) => its.container === container && its.tag === tag && its.digest === digest),
  )
}
