import { Fault } from '#lib/core/fault/index.ts'
import { formatImageRef, repositoryName } from '#lib/core/image/index.ts'
import { pipelineGraph, rulesOf, sourcesOf, type PromotionWay } from '#lib/core/pipeline/index.ts'
import { policyOf } from '#lib/core/policy/index.ts'
import {
  chooseWay,
  matchesPolicy,
  nameTag,
  tagNameProblem,
  type PromotedImage,
  type SourceMerge,
} from '#lib/core/promotion/index.ts'
import type { Container, DocumentChange } from '#lib/core/values/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import { chartCarried } from './carry-chart.ts'
import { helmReleaseId, type WorkerDeps } from './deps.ts'
import { makeMerge } from './make-merge.ts'

export interface WantedPromotion {
  application: string
  to: string
  from?: string
  way?: PromotionWay
  /** Tag to write for the target, by container. */
  tags?: Readonly<Record<string, string>>
}

/** What a promotion would bring into its target, before anybody looked at the cluster. */
export interface MadePromotion {
  target: ReleaseRecord
  source: ReleaseRecord
  way: PromotionWay
  /** Why this way, and which chart comes with it, in sentences. */
  wayReason: string
  images: PromotedImage[]
  changes: DocumentChange[]
  expects: Record<string, string>
  /** Some of the tags are not in the registry of the source's image yet, as far as their names tell. */
  tagsFirst: boolean
  /** Why the chart is not pinned, though the target has gates. */
  unpinned?: string
  /** What comes first where it goes by the source: there is nothing to change before CI has built it. */
  merge?: SourceMerge
}

/** Image of the source and the container of the target it is for. */
interface Pair {
  from: Container
  to: Container
  digest: string
}

/**
 * From where, what and under which names: the images that run in the source, for the containers of the target that use the same
 * repository. Throws Faults that say what is missing.
 */
export async function makePromotion(deps: WorkerDeps, wanted: WantedPromotion): Promise<MadePromotion> {
  const target = releaseIn(deps, wanted.application, wanted.to)
  const source = sourceOf(deps, wanted)
  const [desired, origin] = [desiredOf(deps, target), desiredOf(deps, source)]
  const pairs = await pairUp(deps, origin, desired)
  if (pairs.length === 0)
    throw new Fault('invalid', `${source.name} and ${target.name} have no image repository in common.`, {
      suggestion: 'Promote by a commit of your own, or let both use the same repository.',
    })
  const rules = rulesOf(deps.memory.config, wanted.to)
  const chosen = chooseWay(
    { asked: wanted.way, written: rules.way },
    pairs.map(({ from, to }) => ({
      container: to.name,
      tag: from.image.tag ?? '',
      policy: policyOf(desired, to).policy,
    })),
  )
  if (chosen.way === 'pull-request' && !deps.gitHost)
    throw new Fault('invalid', 'There are no pull requests: the repository is not at GitHub.', {
      suggestion: 'Promote by commit or retag.',
    })
  if (chosen.way === 'merge') {
    const { application, to, tags } = wanted
    const merge = await makeMerge(deps, { application, from: source.environment, to, tags, desired, pairs })
    return {
      target,
      source,
      way: 'merge',
      wayReason: chosen.reason,
      images: merge.from,
      changes: [],
      expects: {},
      tagsFirst: false,
      merge,
    }
  }
  const images: PromotedImage[] = []
  for (const pair of pairs) images.push(await nameImage(deps, wanted, chosen.way, pair, { source, origin, desired }))
  const changed = pairs.filter(({ to }, index) => to.image.tag !== images[index]?.tag)
  const chart = await chartCarried(deps, { record: target, desired }, { record: source, desired: origin })
  // A pin alone is nothing to promote.
  const pins = chart.kind === 'pin' && (changed.length > 0 || chart.moves) ? [chart.change] : []
  return {
    target,
    source,
    way: chosen.way,
    wayReason: [
      chosen.reason,
      ...(chart.kind === 'pin' && chart.moves ? [chartMoves(source, chart.at.commit)] : []),
    ].join(' '),
    images,
    changes: [...changed.map((pair) => imageChange(pair, images)), ...pins],
    expects: Object.fromEntries(pairs.map(({ to }) => [to.name, formatImageRef(to.image)])),
    tagsFirst: pairs.some(({ from, to }, index) => {
      const tag = images[index]?.tag
      return tag !== from.image.tag && tag !== to.image.tag
    }),
    ...(chart.kind === 'cannot' ? { unpinned: chart.reason } : {}),
  }
}

function chartMoves({ environment }: ReleaseRecord, commit: string): string {
  return `Its chart becomes the one of ${environment}, as of commit ${commit.slice(0, 7)}.`
}

function imageChange({ to, digest }: Pair, images: readonly PromotedImage[]): DocumentChange {
  const tag = images.find(({ container }) => container === to.name)?.tag ?? ''
  return { kind: 'image', container: to.name, tag, ...(to.image.digest === undefined ? {} : { digest }) }
}

function releaseIn(deps: WorkerDeps, application: string, environment: string): ReleaseRecord {
  const found = [...deps.memory.releases.values()].filter(
    (record) => record.desired && record.application === application && record.environment === environment,
  )
  const [first, second] = found
  if (!first)
    throw new Fault('not-found', `${application} is not in ${environment}.`, {
      suggestion: `Add a HelmRelease of it under releases/${environment}/.`,
    })
  if (second)
    throw new Fault('conflict', `${application} is in ${environment} more than once: ${first.name}, ${second.name}.`, {
      suggestion: 'Tell them apart by the label wheelhouse.dev/application.',
    })
  return first
}

function sourceOf(deps: WorkerDeps, { application, to, from }: WantedPromotion): ReleaseRecord {
  const records = [...deps.memory.releases.values()].filter((record) => record.desired)
  const present = [...new Set(records.map(({ environment }) => environment))]
  const has = new Set(
    records.filter((record) => record.application === application).map((record) => record.environment),
  )
  const sources = sourcesOf(pipelineGraph(deps.memory.config, present), to, has)
  const chosen = from ?? sources[0]
  if (chosen === undefined)
    throw new Fault('invalid', `Nothing is promoted into ${to}: no environment to its left has ${application}.`)
  if (!sources.includes(chosen))
    throw new Fault('invalid', `${to} is not promoted from ${chosen}.`, {
      suggestion: sources.length > 0 ? `It is promoted from ${sources.join(' or ')}.` : undefined,
    })
  return releaseIn(deps, application, chosen)
}

function desiredOf(deps: WorkerDeps, record: ReleaseRecord): DesiredRelease {
  const found = deps.memory.snapshot?.releases.find(({ id }) => id === helmReleaseId(record))
  if (!found) throw new Fault('conflict', `${record.name} is not in Git.`)
  return found
}

async function pairUp(deps: WorkerDeps, origin: DesiredRelease, desired: DesiredRelease): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (const to of desired.containers) {
    const same = origin.containers.filter(({ image }) => repositoryName(image) === repositoryName(to.image))
    const from = same.find(({ name }) => name === to.name) ?? same[0]
    if (from?.image.tag === undefined) continue
    const registry = await deps.registry(from.image.host, [origin.targetNamespace])
    const head = await registry.headTag(from.image, from.image.tag)
    if (!head)
      throw new Fault('not-found', `${repositoryName(from.image)} has no tag ${from.image.tag} any more.`, {
        suggestion: 'Push it again, or promote what the registry has.',
      })
    pairs.push({ from, to, digest: head.digest })
  }
  return pairs
}

async function nameImage(
  deps: WorkerDeps,
  wanted: WantedPromotion,
  way: PromotionWay,
  { from, to, digest }: Pair,
  { source, origin, desired }: { source: ReleaseRecord; origin: DesiredRelease; desired: DesiredRelease },
): Promise<PromotedImage> {
  const repository = repositoryName(to.image)
  const tag = from.image.tag ?? ''
  const image = (name: string): PromotedImage => ({ container: to.name, repository, tag: name, digest })
  const policy = policyOf(desired, to).policy
  const refused = desired.automation.refused[to.name] ?? []
  const asked = wanted.tags?.[to.name]
  const taken = way === 'commit' || !policy || (way === 'pull-request' && matchesPolicy(policy, tag))
  if (taken && (asked === undefined || way === 'commit' || !policy)) return image(asked ?? tag)
  const target = { environment: wanted.to, policy, refused }
  if (asked !== undefined) {
    const wrong = tagNameProblem(asked, target)
    if (wrong) throw new Fault('invalid', wrong.message, { suggestion: wrong.suggestion })
    return image(asked)
  }
  // What the target runs already under another name needs no further one. A scan may know its name alone.
  if (to.image.tag !== undefined) {
    const registry = await deps.registry(to.image.host, [desired.targetNamespace])
    if ((await registry.headTag(to.image, to.image.tag))?.digest === digest) return image(to.image.tag)
  }
  const known = await deps.store.allTags(repository)
  const named = nameTag({
    application: wanted.application,
    source: { environment: source.environment, tag, policy: policyOf(origin, from).policy },
    target: { ...target, known: known.map(({ name }) => name) },
    template: rulesOf(deps.memory.config, wanted.to).tag,
  })
  if (!named.ok) throw new Fault('invalid', named.problem.message, { suggestion: named.problem.suggestion })
  return image(named.tag)
}
