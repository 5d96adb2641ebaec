import { whyNot, type RegistrySeen, type WhyNot, type WhyNotSeen } from '#lib/core/explain/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { evaluateGates } from '#lib/core/gate/index.ts'
import { isValidTag } from '#lib/core/image/index.ts'
import { stopOver, type WheelhouseConfig } from '#lib/core/pipeline/index.ts'
import { defaultPolicy, parsePolicy } from '#lib/core/policy/index.ts'
import { sentence } from '#lib/core/problem/index.ts'
import { hasEnded } from '#lib/core/promotion/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { ImageRepositoryRecord, PromotionRecord, ReleaseImage, ReleaseRecord } from '#lib/ports/store/index.ts'
import type { Store, TagRecord } from '#lib/ports/store/index.ts'
import { toFact } from '../work/tag-fact.ts'
import type { Caller } from './caller.ts'
import { configInForce } from './config-in-force.ts'
import { visibleRelease } from './release-view.ts'
import type { ShownConfig } from './shown-config.ts'
import { gatesAsked } from './tag-gates.ts'
import { deploySeen, fetchSeen, inputsSeen, wayOf } from './tag-way.ts'

export interface WhyNotDeps {
  store: Store
  clock: Clock
  shown: Pick<ShownConfig, 'repository' | 'branch'>
}

export interface WhyNotView extends WhyNot {
  release: string
  environment: string
  container: string
  /** Canonical `host/path`. */
  repository: string
  tag: string
}

/** The newest of them decide. */
const promotionsLookedAt = 50

/**
 * Every gate between a tag and healthy pods of a release, from what is known here: nothing is asked of registry, Git or
 * cluster (C7). Throws `not-found` for an unknown release or container, `invalid`, `forbidden`.
 */
export async function explainTag(
  deps: WhyNotDeps,
  caller: Caller,
  id: string,
  { tag, container }: { tag: string; container?: string },
): Promise<WhyNotView> {
  const release = await visibleRelease(deps, caller, id)
  if (!isValidTag(tag)) {
    throw new Fault('invalid', `${tag.slice(0, 64)} is no tag.`, {
      suggestion: 'A tag has letters, digits, _, . and -, begins with neither . nor -, and has at most 128 characters.',
    })
  }
  const image = await imageOf(deps, release, tag, container)
  const { environment } = release
  const seen = await see(deps, release, image, tag)
  return {
    release: id,
    environment,
    container: image.container,
    repository: image.repository,
    tag,
    ...whyNot(seen, deps.clock.now()),
  }
}

/** The container meant: the one named, else the only one, else the only one whose repository knows the tag. */
async function imageOf({ store }: WhyNotDeps, { name, images }: ReleaseRecord, tag: string, container?: string) {
  const names = images.map((image) => image.container).join(', ')
  if (container !== undefined) {
    const named = images.find((image) => image.container === container)
    if (named) return named
    const suggestion = names === '' ? 'It has no containers that are known.' : `It has: ${names}.`
    throw new Fault('not-found', `${name} has no container ${container}.`, { suggestion })
  }
  const [only, ...others] = images
  if (only && others.length === 0) return only
  if (!only) throw new Fault('not-found', `${name} has no containers that are known.`)
  const knowing: ReleaseImage[] = []
  for (const image of images) {
    const tags = await store.allTags(image.repository)
    if (tags.some((known) => known.name === tag)) knowing.push(image)
  }
  const [one, ...more] = knowing
  if (one && more.length === 0) return one
  throw new Fault('invalid', `${name} has several containers.`, { suggestion: `Say which is meant: ${names}.` })
}

async function see(deps: WhyNotDeps, release: ReleaseRecord, image: ReleaseImage, tag: string): Promise<WhyNotSeen> {
  const { store } = deps
  const { environment } = release
  const [tags, repository, config, modes, promotions] = await Promise.all([
    store.allTags(image.repository),
    store.getImageRepository(image.repository),
    configInForce(deps),
    store.environmentModes(),
    store.listPromotions({ release: release.id, limit: promotionsLookedAt }),
  ])
  const promotion = bringing(promotions.items, image, tag)
  const way = await wayOf(deps, { release, image, tag, promotion })
  const record = tags.find(({ name }) => name === tag)
  const gates = await gatesAsked(deps, { release, image, tag, digest: record?.digest, promotion, config, way })
  const gatesOpen =
    gates.kind === 'passed' ||
    evaluateGates(gates.input, deps.clock.now()).every(
      ({ verdict }) => verdict === 'passed' || verdict === 'overridden',
    )
  const stopped = stopOf(config, environment)
  return {
    tag,
    container: image.container,
    environment,
    registry: registrySeen(repository, record),
    filter: filterOf(image, tags),
    refused: image.refusedTags ?? [],
    automation: automationOf(release, image),
    promotion: promotion && { id: promotion.id, state: promotion.state },
    holds: holdsOf(release),
    stopped,
    mode: (Object.hasOwn(modes, environment) ? modes[environment] : undefined) ?? release.mode,
    gates,
    commit: gatesOpen ? waitingFor(promotion, way.commit) : way.commit,
    fetch: await fetchSeen(deps, release, way),
    ...inputsSeen(release),
    deploy: deploySeen(release, way, { stopped: stopped !== undefined, gatesOpen }),
    health: {
      kind: release.health,
      reason: sentence(release.healthReason.trim() || `It is ${release.health}`),
      revision: release.revision,
    },
  }
}

/** With its gates open, what keeps a promotion from being written is its own reason. */
function waitingFor(promotion: PromotionRecord | undefined, commit: WhyNotSeen['commit']): WhyNotSeen['commit'] {
  if (commit.kind !== 'none' || !promotion || hasEnded(promotion.state)) return commit
  return { kind: 'none', reason: sentence(`Promotion ${promotion.id}: ${promotion.reason}`.trim()) }
}

/** The promotion that brings the tag: the one on its way, else the newest that did. */
function bringing(promotions: readonly PromotionRecord[], { container }: ReleaseImage, tag: string) {
  const all = promotions.filter(({ facts }) =>
    facts.images.some((image) => image.container === container && image.tag === tag),
  )
  return all.find(({ state }) => !hasEnded(state)) ?? all[0]
}

function registrySeen(repository: ImageRepositoryRecord | undefined, tag: TagRecord | undefined): RegistrySeen {
  if (tag?.vanishedAt !== undefined) return { kind: 'vanished', at: tag.vanishedAt }
  if (tag) return { kind: 'listed', firstSeenAt: tag.firstSeenAt }
  const { scannedAt, nextScanAt, problem } = repository ?? {}
  const next = nextScanAt === undefined ? {} : { nextScanAt }
  if (problem?.severity === 'error') return { kind: 'unreachable', reason: sentence(problem.message.trim()), ...next }
  return { kind: 'absent', ...(scannedAt === undefined ? {} : { scannedAt }), ...next }
}

function filterOf(image: ReleaseImage, tags: readonly TagRecord[]): WhyNotSeen['filter'] {
  // What was met on the way is told where it was met: in the order of the tags, or at the commit.
  if (image.problem && !image.met) return { kind: 'problem', problem: image.problem }
  const parsed = image.policy === undefined ? { ok: true as const, policy: defaultPolicy } : parsePolicy(image.policy)
  if (!parsed.ok) return { kind: 'problem', problem: parsed.problem }
  const facts = tags.map(toFact)
  const currentFact = facts.find(({ name }) => name === image.tag)
  return {
    kind: 'filter',
    policy: parsed.policy,
    tags: facts,
    ...(image.tag === undefined ? {} : { current: image.tag }),
    ...(currentFact ? { currentFact } : {}),
  }
}

function automationOf({ automated }: ReleaseRecord, image: ReleaseImage): WhyNotSeen['automation'] {
  if (!automated) return 'off'
  return image.automated ? 'on' : 'ignored'
}

/** The lock of the record is its own, or what `wheelhouse.yaml` says over its application or environment. */
function holdsOf({ name, application, environment, lock, emergency }: ReleaseRecord): WhyNotSeen['holds'] {
  return {
    release: name,
    application,
    environment,
    ...(lock ? { own: lock } : {}),
    ...(emergency ? { emergency: `${emergency.by} rolled it back: ${emergency.reason}` } : {}),
    holds: { environments: {}, applications: {} },
  }
}

function stopOf(config: WheelhouseConfig, environment: string): string | undefined {
  const stopped = stopOver(config, [environment])
  return stopped === undefined ? undefined : sentence(`Stopped: ${stopped}`.trim())
}
