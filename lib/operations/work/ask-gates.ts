import { Fault } from '#lib/core/fault/index.ts'
import { isGated, type Identity } from '#lib/core/gate/index.ts'
import { parseImageRef } from '#lib/core/image/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import { hasEnded, promotionRefused, waitsAsPromotion, type PromotedImage } from '#lib/core/promotion/index.ts'
import type { Cause, PromotionRecord, ReleaseImage } from '#lib/ports/store/index.ts'
import { beginPromotion, type DraftPromotion } from './begin-promotion.ts'
import type { WorkerDeps } from './deps.ts'
import { guardInForce } from './guards.ts'
import type { ReleaseView } from './see-release.ts'

export type GateAnswer =
  | { kind: 'go' }
  /** It stands in a promotion; that wakes the release. */
  | { kind: 'wait'; reason: string; until?: number }
  | { kind: 'refused'; problem: Problem }

const lookAgainMs = 30_000
/** The newest of them decide. */
const promotionsLookedAt = 20

/**
 * Whether what Git says may be deployed now. A gated environment changes only through a promotion, whatever the cause
 * (§9.15): what came to Git without one becomes one here, and waits.
 */
export async function askGates(deps: WorkerDeps, view: ReleaseView): Promise<GateAnswer> {
  const { record, seen } = view
  const { inputs } = seen
  const guarded = guardedIn(deps, view)
  if (!guarded || inputs === undefined) return { kind: 'go' }
  // What runs already is brought back, not changed.
  if (record.baseline?.inputs === inputs) return { kind: 'go' }
  if (await goesBack(deps, view, inputs)) return { kind: 'go' }
  const { items } = await deps.store.listPromotions({ release: record.id, limit: promotionsLookedAt })
  const own = items.filter(({ facts }) => facts.inputs === inputs)
  for (const promotion of own) if (await isThrough(deps, view, promotion)) return { kind: 'go' }
  const open = own.find(({ state }) => !hasEnded(state))
  if (open) return { kind: 'wait', reason: `${waitsAsPromotion} ${open.reason}` }
  const [last] = own
  if (last?.state === 'refused' && seen.asked !== 'retry') return { kind: 'refused', problem: refusal(view, last) }
  try {
    return await begin(deps, view, guarded)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const reason = `Its gates cannot be asked just now: ${error.message}`
    return { kind: 'wait', reason, until: deps.clock.now() + lookAgainMs }
  }
}

/**
 * The environment whose gates are asked: its own, or the one it was in when it was last deployed. A document that moves to
 * another directory takes its release past no gate.
 */
function guardedIn(deps: WorkerDeps, { record }: ReleaseView): Guarded | undefined {
  const { environment, application, baseline } = record
  for (const name of new Set([baseline?.environment ?? environment, environment])) {
    const { inForce } = guardInForce(deps, { environment: name, application })
    if (isGated(inForce.gates)) return { environment: name, source: inForce.sources[0] }
  }
  return undefined
}

interface Guarded {
  environment: string
  source: string | undefined
}

/** The way back to what ran here before is always open. */
async function goesBack({ store }: WorkerDeps, { record }: ReleaseView, inputs: string): Promise<boolean> {
  const open = await store.listOperations({ release: record.id, states: ['committed', 'running'], limit: 20 })
  if (!open.some(({ kind }) => kind === 'rollback')) return false
  const { items } = await store.listRevisions(record.id)
  return items.some(({ inputs: its, status }) => its === inputs && (status === 'superseded' || status === 'deployed'))
}

/** Its gates were open for just this; also while helm tries again what they let through. */
async function isThrough({ store }: WorkerDeps, { record }: ReleaseView, promotion: PromotionRecord): Promise<boolean> {
  const { state, steps, endedAt, operation } = promotion
  if (state === 'writing') {
    const written = operation === undefined ? undefined : await store.getOperation(operation)
    return written?.commit !== undefined
  }
  if (!steps.some((step) => step.state === 'deploying')) return false
  if (!hasEnded(state)) return true
  return state === 'failed' && (record.deployedAt ?? 0) <= (endedAt ?? 0)
}

function refusal({ desired }: ReleaseView, { id, reason }: PromotionRecord): Problem {
  return {
    code: promotionRefused,
    severity: 'error',
    message: `Promotion ${id} of what Git says was refused: ${reason}`,
    suggestion: 'Take the change back in Git, push another one, or ask again by Retry.',
    path: desired.path,
    line: desired.line,
    subject: desired.id,
  }
}

async function begin(deps: WorkerDeps, view: ReleaseView, { environment, source }: Guarded): Promise<GateAnswer> {
  const { record } = view
  const { cause, who } = await causeOf(deps, view)
  const draft: DraftPromotion = {
    id: deps.newId('pr'),
    release: record.id,
    application: record.application,
    environment,
    source,
    way: 'let-through',
    reason: `${inWords(cause)} It waits for the gates of ${environment}.`,
    facts: {
      cause,
      requester: who,
      authors: who ? [who] : [],
      images: await changedImages(deps, view),
      changes: [],
      expects: {},
      path: record.path,
      commit: deps.memory.snapshot?.commit,
    },
  }
  const begun = await beginPromotion(deps, record, draft)
  switch (begun.kind) {
    case 'begun':
      return { kind: 'wait', reason: `${waitsAsPromotion} ${begun.promotion.reason}` }
    case 'empty':
      return { kind: 'go' }
    case 'refused':
      return { kind: 'refused', problem: begun.problem }
  }
}

/** What changed since the last revision, and whose commit it was if it was one. */
async function causeOf(deps: WorkerDeps, { record, desired, chart }: ReleaseView) {
  const commit = deps.memory.snapshot?.commit ?? ''
  const info = await deps.git.commitInfo(commit)
  const who: Identity = { emails: [info.authorEmail], name: info.authorName }
  const { baseline } = record
  if (baseline && baseline.document === desired.digest) {
    if (baseline.chart !== undefined && baseline.chart.digest === chart?.digest) {
      const source = desired.valuesFrom
        .map((from) => ('name' in from ? `${from.kind} ${from.name}` : from.kind))
        .join(', ')
      return { cause: { kind: 'values', source } satisfies Cause, who: undefined }
    }
    return { cause: { kind: 'chart', path: record.chart.source, commit } satisfies Cause, who }
  }
  const { authorName: author, subject } = info
  return { cause: { kind: 'commit', commit, author, subject } satisfies Cause, who }
}

function inWords(cause: Cause): string {
  switch (cause.kind) {
    case 'values':
      return `Values changed in ${cause.source}.`
    case 'chart':
      return `The chart changed (${cause.path}).`
    case 'commit':
      return `${cause.author} pushed ${cause.commit.slice(0, 7)}: ${cause.subject}.`
    default:
      return 'Git says something else.'
  }
}

/** Images other than those of the revision that is deployed, by the digest that the registry has for them now. */
async function changedImages(deps: WorkerDeps, { record, desired }: ReleaseView): Promise<PromotedImage[]> {
  const { items } = await deps.store.listRevisions(record.id)
  const deployed = items.find(({ status }) => status === 'deployed')
  const running = new Map(deployed?.images.map(({ container, image }) => [container, image]))
  const changed: PromotedImage[] = []
  for (const image of record.images) {
    if (image.tag === undefined || running.get(image.container) === image.image) continue
    changed.push(await withDigest(deps, image, desired.targetNamespace))
  }
  return changed
}

async function withDigest(
  deps: WorkerDeps,
  { container, repository, tag = '', digest }: ReleaseImage,
  namespace: string,
): Promise<PromotedImage> {
  const address = digest === undefined ? parseImageRef(repository) : undefined
  const registry = address && (await deps.registry(address.host, [namespace]))
  const found = address && (await registry?.headTag(address, tag))
  return { container, repository, tag, digest: digest ?? found?.digest ?? 'not in the registry' }
}
