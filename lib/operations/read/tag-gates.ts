import type { GatesAsked } from '#lib/core/explain/index.ts'
import { isGated, type GateInput, type GateResult, type SourceSeen } from '#lib/core/gate/index.ts'
import type { WheelhouseConfig } from '#lib/core/pipeline/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { PromotionRecord, ReleaseImage, ReleaseRecord, Store } from '#lib/ports/store/index.ts'
import { guardInForce } from '../work/guards.ts'
import { checksKept } from '../work/see-checks.ts'
import { carriedBy, saidAbout, sourceSeen } from '../work/see-promotion.ts'
import { allReleases } from './all-releases.ts'
import { guardsFact } from './facts.ts'
import type { ShownConfig } from './shown-config.ts'
import type { TagWay } from './tag-way.ts'

interface Deps {
  store: Store
  clock: Clock
  shown: Pick<ShownConfig, 'repository' | 'branch'>
}

interface Asked {
  release: ReleaseRecord
  image: ReleaseImage
  tag: string
  /** Of the tag; absent = not read. */
  digest: string | undefined
  promotion: PromotionRecord | undefined
  config: WheelhouseConfig
  way: TagWay
}

/** What the gates of the environment are asked for a tag, or what they said when they let it through. */
export async function gatesAsked(deps: Deps, asked: Asked): Promise<GatesAsked> {
  const { promotion, way } = asked
  if (promotion && isBegun(promotion)) return { kind: 'passed', results: openGates(promotion) }
  const input = await inputOf(deps, asked)
  return way.deployed && isGated(input.gates) ? { kind: 'passed', results: [] } : { kind: 'asked', input }
}

/** Its gates were open; what it brings is on its way to the cluster, or there. */
function isBegun({ state }: PromotionRecord): boolean {
  return state === 'writing' || state === 'deploying' || state === 'verifying' || state === 'verified'
}

function openGates({ steps }: PromotionRecord): readonly GateResult[] {
  const open = steps.findLast(({ gates }) =>
    gates.every(({ verdict }) => verdict === 'passed' || verdict === 'overridden'),
  )
  return open?.gates ?? []
}

async function inputOf(deps: Deps, asked: Asked): Promise<GateInput> {
  const { release, promotion, config } = asked
  const releases = await allReleases(deps)
  const memory = {
    releases: new Map(releases.map((record) => [record.id, record])),
    config,
    guards: new Map(Object.entries(guardsFact(await deps.store.getFact('guards'), deps.shown))),
  }
  const { gates, sources } = guardInForce({ memory, clock: deps.clock }, release).inForce
  const at = (environment: string) =>
    releases.find(
      (other) => other.desired && other.application === release.application && other.environment === environment,
    )
  const { environment } = release
  if (promotion) {
    const { facts, source } = promotion
    return {
      environment,
      gates,
      planDigest: promotion.planDigest,
      carries: carriedBy(promotion),
      sources: source === undefined ? [] : [await sourceSeen(deps, source, at(source), facts)],
      requester: facts.requester,
      authors: facts.authors,
      checks: await checksKept(deps, promotion),
      ...(await saidAbout(deps, promotion)),
    }
  }
  const { image, tag } = asked
  return {
    environment,
    gates,
    planDigest: '',
    carries: [`${image.repository}:${tag}`],
    sources: await Promise.all(sources.map((source) => sourceOfTag(deps, asked, source, at(source)))),
    authors: [],
    approvals: [],
    overrides: [],
  }
}

async function sourceOfTag(
  deps: Deps,
  { image, tag, digest }: Asked,
  environment: string,
  source: ReleaseRecord | undefined,
): Promise<SourceSeen> {
  const { container, repository } = image
  if (digest === undefined) return { kind: 'unknown', environment, reason: `The digest of ${tag} is not read yet.` }
  return sourceSeen(deps, environment, source, { images: [{ container, repository, digest }] })
}
