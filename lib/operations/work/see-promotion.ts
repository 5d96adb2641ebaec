import { Fault } from '#lib/core/fault/index.ts'
import type { Approval, GateInput, Identity, Override, SourceSeen } from '#lib/core/gate/index.ts'
import { parseImageRef } from '#lib/core/image/index.ts'
import { rulesOf } from '#lib/core/pipeline/index.ts'
import { refusedAmong, type HeldAction } from '#lib/core/hold/index.ts'
import {
  seeSource,
  waitsAsPromotion,
  type CommitSeen,
  type DeploySeen,
  type HealthSeen,
  type ImageSeen,
  type PlanSeen,
  type PromotionSeen,
  type RollbackSeen,
  type SourceRevision,
} from '#lib/core/promotion/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { OperationRecord, PromotionRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmReleaseId, modeOf, stopOf, type WorkerDeps } from './deps.ts'
import { deployedImages } from './deployed-images.ts'
import { guardInForce, roleNow } from './guards.ts'
import { planPromotion } from './plan-promotion.ts'
import { proposalOf } from './proposals.ts'
import { seeChecks } from './see-checks.ts'

/** After Helm is done the watches need a moment to show what it changed; a verdict before that is of what was. */
export const settleMs = 3_000

/**
 * Observes one promotion; changes nothing. `fresh` = its plan is made anew, which takes a run of helm: asked for right before
 * anything is written.
 */
export async function seePromotion(
  deps: WorkerDeps,
  promotion: PromotionRecord,
  options: { fresh: boolean },
): Promise<PromotionSeen> {
  const { facts, environment } = promotion
  const target = deps.memory.releases.get(promotion.release)
  const rules = rulesOf(deps.memory.config, environment)
  const operation = promotion.operation ? await deps.store.getOperation(promotion.operation) : undefined
  const gates = await seeGates(deps, promotion)
  const letsThrough = promotion.way === 'let-through'
  const commit = await commitSeen(deps, promotion, operation)
  const written = letsThrough ? isBegun(promotion) : commit.kind === 'pushed'
  const bound = gates.approvals.some(({ planDigest }) => planDigest === promotion.planDigest)
  const desired = target && deps.memory.snapshot?.releases.find(({ id }) => id === helmReleaseId(target))
  const { older, newer } = queueOf(deps, promotion)
  const deploy = deploySeen(operation, target)
  return {
    id: promotion.id,
    state: promotion.state,
    reason: promotion.reason,
    way: promotion.way,
    environment,
    target: target?.desired && desired ? 'there' : 'gone',
    planned: { digest: promotion.planDigest, bound: bound || facts.applied?.planDigest === promotion.planDigest },
    plan:
      options.fresh && target && !written
        ? await planSeen(deps, promotion, target)
        : { kind: 'ready', digest: promotion.planDigest },
    // What nobody in particular asked for needs nobody's click.
    applied: letsThrough || facts.cause.kind === 'tag' || isApplied(promotion),
    cancelled: facts.cancelled,
    images:
      written || !target
        ? []
        : await Promise.all(facts.images.map((image) => seeImage(deps, promotion, target, image))),
    tagsFirst: facts.tagsFirst === true,
    refused: refusedAmong(desired?.automation.refused ?? {}, facts.images),
    gates,
    holds: {
      release: target?.name ?? promotion.release,
      application: promotion.application,
      environment,
      own: desired?.automation.locked,
      emergency: target?.emergency && `${target.emergency.by} rolled it back: ${target.emergency.reason}`,
      holds: { environments: {}, applications: {} },
    },
    heldAs: letsThrough ? heldAs(target, desired) : 'promotion',
    stopped: stoppedBy(deps, environment),
    older,
    newer,
    commit,
    deploy,
    health: healthSeen(deps, target, deploy),
    verify: rules.verify,
    rollback: await rollbackSeen(deps, facts.rollback),
  }
}

/** Somebody clicked for this plan; or for merging the source, of which the image is only what follows. */
function isApplied({ facts: { applied, sourceMerge }, planDigest }: PromotionRecord): boolean {
  return applied?.planDigest === planDigest || (applied !== undefined && sourceMerge?.brought !== undefined)
}

/** Its release was told to take it up. */
function isBegun({ state }: PromotionRecord): boolean {
  return state === 'deploying' || state === 'verifying'
}

/** A hold lets a push through that edits the held document; chart and sources of values it holds. */
function heldAs(target: ReleaseRecord | undefined, desired: DesiredRelease | undefined): HeldAction {
  return target?.baseline?.document === desired?.digest ? 'chart' : 'document-edit'
}

async function rollbackSeen(
  { store }: WorkerDeps,
  rollback: PromotionRecord['facts']['rollback'],
): Promise<RollbackSeen> {
  if (!rollback) return { kind: 'none' }
  const { operation, state, because } = rollback
  if (state === 'failed') return { kind: 'failed', operation, because, reason: rollback.reason ?? '' }
  const found = await store.getOperation(operation)
  switch (found?.state) {
    case 'succeeded':
      return { kind: 'done', operation, because }
    case 'failed':
    case 'refused':
    case 'superseded':
      return { kind: 'failed', operation, because, reason: found.reason }
    case 'decided':
    case 'committed':
    case 'running':
      return { kind: 'under-way', operation, because }
    case undefined:
      // It was to be asked for when the worker died.
      return { kind: 'none' }
  }
}

function stoppedBy(deps: WorkerDeps, environment: string): string | undefined {
  const stopped = stopOf(deps, environment)
  if (stopped !== undefined) return `Stopped: ${stopped}`
  return modeOf(deps, environment) === 'observe' ? `${environment} is only observed.` : undefined
}

function queueOf(deps: WorkerDeps, promotion: PromotionRecord) {
  const others = [...deps.memory.promotions.values()]
    .filter(({ id, release }) => id !== promotion.id && release === promotion.release)
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  const isOlder = (other: PromotionRecord) =>
    other.createdAt < promotion.createdAt || (other.createdAt === promotion.createdAt && other.id < promotion.id)
  const short = ({ id, state }: PromotionRecord) => ({ id, state })
  return { older: others.filter(isOlder).map(short), newer: others.filter((other) => !isOlder(other)).map(short) }
}

async function planSeen(deps: WorkerDeps, promotion: PromotionRecord, target: ReleaseRecord): Promise<PlanSeen> {
  try {
    const planned = await planPromotion(deps, target, promotion)
    switch (planned.kind) {
      case 'planned':
        if (promotion.way === 'let-through' && planned.facts.inputs !== promotion.facts.inputs) return { kind: 'moved' }
        return { kind: 'ready', digest: planned.plan.digest }
      case 'empty':
        return { kind: 'empty' }
      case 'refused':
        return { kind: 'failed', problem: planned.problem }
    }
  } catch (error) {
    if (error instanceof Fault) return { kind: 'unknown', reason: error.message }
    throw error
  }
}

async function seeImage(
  deps: WorkerDeps,
  promotion: PromotionRecord,
  target: ReleaseRecord,
  image: PromotionRecord['facts']['images'][number],
): Promise<ImageSeen> {
  const address = parseImageRef(image.repository)
  if (!address)
    return { ...image, content: 'unknown', tagged: { kind: 'unknown', reason: 'Its repository has no name.' } }
  try {
    const registry = await deps.registry(address.host, [target.targetNamespace])
    const tagged = await registry.headTag(address, image.tag)
    if (tagged) return { ...image, content: 'there', tagged: { kind: 'digest', digest: tagged.digest } }
    const content = await registry.headTag(address, image.digest)
    const tags = promotion.way === 'retag' || promotion.facts.tagsFirst === true
    const denied = tags ? (promotion.facts.denied ?? (await pushDenied(deps, address))) : undefined
    return {
      ...image,
      content: content ? 'there' : 'missing',
      tagged: { kind: 'absent' },
      ...(denied ? { denied } : {}),
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { ...image, content: 'unknown', tagged: { kind: 'unknown', reason: error.message } }
  }
}

/** Whether there is a push credential at all; what the registry makes of it shows when it is used. */
async function pushDenied(deps: WorkerDeps, address: { host: string; path: string }): Promise<string | undefined> {
  try {
    await deps.registry(address.host, [], { pushTo: address.path })
    return undefined
  } catch (error) {
    if (error instanceof Fault && error.code === 'registry-unauthorized') return error.message
    throw error
  }
}

async function commitSeen(
  deps: WorkerDeps,
  promotion: PromotionRecord,
  operation: OperationRecord | undefined,
): Promise<CommitSeen> {
  if (!operation) return { kind: 'none' }
  if (operation.commit !== undefined) return { kind: 'pushed', commit: operation.commit }
  switch (operation.state) {
    case 'decided': {
      const pending = await deps.store.pendingWrites()
      if (!pending.some((request) => request.operation === promotion.operation)) return { kind: 'none' }
      return promotion.way === 'pull-request' ? proposedSeen(deps, promotion) : { kind: 'queued' }
    }
    case 'refused':
    case 'failed':
      return { kind: 'refused', reason: operation.reason }
    case 'superseded':
      return { kind: 'superseded', reason: operation.reason }
    case 'committed':
    case 'running':
    case 'succeeded':
      return { kind: 'none' }
  }
}

function proposedSeen(deps: WorkerDeps, promotion: PromotionRecord): CommitSeen {
  const { number, url, problem } = proposalOf(deps, promotion) ?? {}
  return {
    kind: 'proposed',
    ...(number === undefined || url === undefined ? {} : { pullRequest: { number, url } }),
    ...(problem === undefined ? {} : { problem }),
    merging: promotion.facts.merge === promotion.planDigest,
  }
}

function deploySeen(operation: OperationRecord | undefined, target: ReleaseRecord | undefined): DeploySeen {
  if (!operation) return { kind: 'none' }
  switch (operation.state) {
    case 'decided':
    case 'refused':
      return { kind: 'none' }
    case 'committed':
      return target ? notTakenUp(target) : { kind: 'none' }
    case 'running':
      return { kind: 'running' }
    case 'succeeded':
      return operation.revision === undefined
        ? { kind: 'none' }
        : { kind: 'deployed', revision: operation.revision, at: operation.endedAt ?? operation.createdAt }
    case 'failed':
      return { kind: 'failed', reason: operation.reason }
    case 'superseded':
      return { kind: 'superseded', by: 'A newer change' }
  }
}

/** Why a release leaves what is written where it is, in its own words. */
function notTakenUp({ phase, reason }: ReleaseRecord): DeploySeen {
  if ((phase !== 'waiting' && phase !== 'blocked') || reason.startsWith(waitsAsPromotion)) return { kind: 'none' }
  return { kind: 'waiting', reason: `It is written; the release is ${phase}: ${reason}` }
}

function healthSeen(deps: WorkerDeps, target: ReleaseRecord | undefined, deploy: DeploySeen): HealthSeen {
  if (!target) return { kind: 'unknown', reason: 'The release is gone.' }
  const settled = deploy.kind !== 'deployed' || deps.clock.now() - deploy.at >= settleMs
  return { kind: target.health, reason: target.healthReason, ...(settled ? { revision: target.revision } : {}) }
}

/** What the gates look at: the source's history and health, and what people said. */
export async function seeGates(deps: WorkerDeps, promotion: PromotionRecord): Promise<PromotionSeen['gates']> {
  const { facts, source: environment, application } = promotion
  const source = [...deps.memory.releases.values()].find(
    (record) => record.desired && record.application === application && record.environment === environment,
  )
  const { gates } = guardInForce(deps, promotion).inForce
  return {
    gates,
    checks: await seeChecks(deps, promotion, gates.checks ?? []),
    carries: carriedBy(promotion),
    sources: environment === undefined ? [] : [await sourceSeen(deps, environment, source, ranBefore(facts))],
    requester: facts.requester,
    authors: facts.authors,
    ...(await saidAbout(deps, promotion)),
  }
}

/** What has to have run in the source: where it was built anew for the target, the image that it was built after. */
function ranBefore({ images, chart, sourceMerge }: PromotionRecord['facts']) {
  return { images: sourceMerge?.from ?? images, chart }
}

/** What it brings, in words. */
export function carriedBy({ facts }: Pick<PromotionRecord, 'facts'>): string[] {
  return [
    ...facts.images.map(({ repository, tag }) => `${repository}:${tag}`),
    ...(facts.chart ? [`chart ${facts.chart.name}`] : []),
  ]
}

/** What people said of a promotion, with the roles that they have now. */
export async function saidAbout(
  { store }: Pick<WorkerDeps, 'store'>,
  { id, environment }: Pick<PromotionRecord, 'id' | 'environment'>,
): Promise<Pick<GateInput, 'approvals' | 'overrides'>> {
  const [approvals, overrides] = await Promise.all([store.listApprovals(id), store.listOverrides(id)])
  const roleOf = (person: string) => roleNow({ store }, person, environment)
  return {
    approvals: await Promise.all(
      approvals.map(async ({ person, email, name, decision, planDigest, at }): Promise<Approval> => {
        return { by: identity(person, email, name), decision, planDigest, at, role: await roleOf(person) }
      }),
    ),
    overrides: await Promise.all(
      overrides.map(async ({ gate, person, email, name, reason, planDigest, at }): Promise<Override> => {
        return { gate, by: identity(person, email, name), reason, planDigest, at, role: await roleOf(person) }
      }),
    ),
  }
}

function identity(person: string, email: string, name: string): Identity {
  return { person, emails: [email], name }
}

/** What an environment has to say of what is brought from it; `source` = the release that is there. */
export async function sourceSeen(
  { store }: Pick<WorkerDeps, 'store'>,
  environment: string,
  source: ReleaseRecord | undefined,
  { images, chart }: Pick<PromotionRecord['facts'], 'chart'> & { images: readonly Brought[] },
): Promise<SourceSeen> {
  if (!source) return { kind: 'gone', environment }
  const history: SourceRevision[] = await deployedImages(store, source)
  const health = { kind: source.health, reason: source.healthReason, since: source.healthSince }
  const brought = Object.fromEntries(
    images.flatMap(({ repository, container, digest }) => {
      const same = source.images.filter((image) => image.repository === repository)
      const from = same.find((image) => image.container === container) ?? same[0]
      return from ? [[from.container, digest]] : []
    }),
  )
  return withChart(seeSource(environment, history, health, { images: brought }), source, chart?.digest)
}

type Brought = Pick<PromotionRecord['facts']['images'][number], 'container' | 'repository' | 'digest'>

/** A chart that is promoted has to have run there, too. */
function withChart(seen: SourceSeen, { environment, baseline }: ReleaseRecord, digest: string | undefined): SourceSeen {
  if (digest === undefined || seen.kind !== 'runs') return seen
  const { chart } = baseline ?? {}
  if (!chart) return { kind: 'unknown', environment, reason: 'The chart that is deployed there is not known.' }
  return chart.digest === digest
    ? { ...seen, since: Math.max(seen.since, chart.since) }
    : { kind: 'never', environment }
}
