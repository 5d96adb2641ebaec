import type { WhyNotSeen } from '#lib/core/explain/index.ts'
import { parseImageRef, repositoryName } from '#lib/core/image/index.ts'
import { promotionRefused, waitsAsPromotion } from '#lib/core/promotion/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type {
  OperationRecord,
  PromotionRecord,
  ReleaseImage,
  ReleaseRecord,
  RevisionRecord,
  Store,
} from '#lib/ports/store/index.ts'
import { repositoryFact } from './facts.ts'
import type { ShownConfig } from './shown-config.ts'

interface Deps {
  store: Store
  shown: Pick<ShownConfig, 'repository' | 'branch'>
}

interface Subject {
  release: ReleaseRecord
  image: ReleaseImage
  tag: string
  promotion: PromotionRecord | undefined
}

/** How far one tag is on its way from a decision to the cluster. */
export interface TagWay {
  commit: WhyNotSeen['commit']
  /** Git, as it was last read, says this tag. */
  isCurrent: boolean
  /** The newest revision that helm calls deployed runs it. */
  deployed?: { revision: number; at: number }
}

/** Rows of a release that are looked through for what brought the tag. */
const lookedAt = 50

export async function wayOf(deps: Deps, subject: Subject): Promise<TagWay> {
  const { release, image, tag } = subject
  const [operation, { items: revisions }] = await Promise.all([
    operationBringing(deps, subject),
    deps.store.listRevisions(release.id),
  ])
  const newest = revisions.find(({ status }) => status === 'deployed')
  const deployed = newest && runs(newest, image, tag) ? { revision: newest.revision, at: newest.updatedAt } : undefined
  const isCurrent = image.tag === tag
  return {
    commit: isCurrent ? written(operation, revisions, subject) : await commitSeen(deps, subject, operation),
    isCurrent,
    ...(deployed ? { deployed } : {}),
  }
}

/** The newest operation that was to write the tag: of automation, of a promotion, or asked for by a person. */
async function operationBringing(
  { store }: Deps,
  { release, image, tag, promotion }: Subject,
): Promise<OperationRecord | undefined> {
  const { container } = image
  const [decisions, requested] = await Promise.all([
    store.listDecisions(release.id, 1_000),
    store.listAudit({ release: release.id, kind: 'release.requested', limit: lookedAt }),
  ])
  const ids = [
    promotion?.operation,
    decisions.find((one) => one.container === container && one.tag === tag && one.operation)?.operation,
    requested.items.find(({ data }) => changesTo(data.changes, container, tag))?.operation,
  ].filter((id) => id !== undefined)
  const found = await Promise.all(ids.map((id) => store.getOperation(id)))
  return found.filter((one) => one !== undefined).sort((a, b) => b.createdAt - a.createdAt)[0]
}

function changesTo(changes: unknown, container: string, tag: string): boolean {
  if (!Array.isArray(changes)) return false
  return changes.some(
    (change: { kind?: unknown; container?: unknown; tag?: unknown }) =>
      change.kind === 'image' && change.container === container && change.tag === tag,
  )
}

function runs({ images }: RevisionRecord, { container, repository }: ReleaseImage, tag: string): boolean {
  const written = images.find((image) => image.container === container)?.image
  const reference = written === undefined ? undefined : parseImageRef(written)
  return reference?.tag === tag && repositoryName(reference) === repository
}

/** The commit of its operation, else of the first revision that ran it this time; somebody's push may be neither. */
function written(
  operation: OperationRecord | undefined,
  revisions: readonly RevisionRecord[],
  { image, tag }: Subject,
): TagWay['commit'] {
  if (operation?.commit !== undefined) return { kind: 'written', commit: operation.commit }
  const other = revisions.findIndex((revision) => !runs(revision, image, tag))
  const since = other < 0 ? revisions : revisions.slice(0, other)
  const commit = since.findLast((revision) => revision.commit !== undefined)?.commit
  return { kind: 'written', ...(commit === undefined ? {} : { commit }) }
}

async function commitSeen(
  deps: Deps,
  { release, image, tag }: Subject,
  operation: OperationRecord | undefined,
): Promise<TagWay['commit']> {
  const { store, shown } = deps
  if (!release.desired) return { kind: 'refused', reason: `Git no longer has ${release.name}.` }
  const writes = await store.pendingWrites()
  const target = `${release.namespace}:helmrelease/${release.name}`
  const isQueued = writes.some((write) => write.target.id === target && changesTo(write.changes, image.container, tag))
  if (isQueued) {
    const refused = (await store.listAlerts({ open: true, limit: 500 })).find(({ kind }) => kind === 'push-refused')
    return refused ? { kind: 'refused', reason: `${refused.title}. ${refused.detail}` } : { kind: 'queued' }
  }
  const { met, problem } = image
  if (problem && ((met?.by === 'edit' && met.tag === tag) || met?.by === 'digest')) {
    return { kind: 'refused', reason: problem.message }
  }
  // A hold that was in its way is told by itself.
  if (operation?.state === 'refused' && !release.lock && !release.emergency) {
    return { kind: 'refused', reason: operation.reason }
  }
  if (operation?.state !== 'committed' || operation.commit === undefined) return { kind: 'none' }
  const snapshots = shown.repository === undefined ? [] : await store.listSnapshots(shown.repository, lookedAt)
  const isRead = snapshots.some(({ commit }) => commit === operation.commit)
  // Git was read since, and says another tag by now.
  return isRead ? { kind: 'none' } : { kind: 'written', commit: operation.commit }
}

export async function fetchSeen(
  { store }: Deps,
  { desired }: ReleaseRecord,
  way: TagWay,
): Promise<WhyNotSeen['fetch']> {
  if (way.isCurrent && desired) return { kind: 'fetched' }
  const fact = repositoryFact(await store.getFact('repository'))
  if (fact?.state === 'unreachable' || fact?.state === 'failed') {
    return { kind: 'unreachable', reason: fact.reason ?? 'The reason is not known.' }
  }
  return way.commit.kind === 'written' ? { kind: 'behind' } : { kind: 'fetched' }
}

const isOfChart = ({ code }: Problem): boolean => code.startsWith('chart-')
const isOfValues = ({ code }: Problem): boolean => code === 'values-source'

/** Chart and values as the release was last seen: what may end by itself is a warning there. */
export function inputsSeen({ problems }: ReleaseRecord): Pick<WhyNotSeen, 'chart' | 'values'> {
  return { chart: readiness(problems.find(isOfChart)), values: readiness(problems.find(isOfValues)) }
}

function readiness(problem: Problem | undefined): WhyNotSeen['chart'] {
  return problem ? { kind: 'failed', problem } : { kind: 'ready' }
}

/** What became of the tag in the cluster; what another gate stands for is not told a second time. */
export function deploySeen(
  release: ReleaseRecord,
  { isCurrent, deployed }: TagWay,
  told: { stopped: boolean; gatesOpen: boolean },
): WhyNotSeen['deploy'] {
  const { phase, reason, problems } = release
  const otherwise: WhyNotSeen['deploy'] = deployed ? { kind: 'deployed', ...deployed } : { kind: 'none' }
  if (!isCurrent) return otherwise
  switch (phase) {
    case 'unknown':
    case 'observed':
    case 'deployed':
      return otherwise
    case 'installing':
    case 'upgrading':
    case 'rolling-back':
    case 'unlocking':
    case 'uninstalling':
      return { kind: 'running' }
    case 'waiting':
      return isTold(release, told) ? otherwise : { kind: 'waiting', reason }
    case 'suspended':
    case 'awaiting-consent':
    case 'uninstalled':
      return { kind: 'waiting', reason }
    case 'failed':
      return { kind: 'failed', reason }
    case 'blocked': {
      if (isTold(release, told)) return otherwise
      const problem = problems.find(({ message }) => message === reason)
      return { kind: 'blocked', problem: problem ?? { code: 'release-blocked', severity: 'error', message: reason } }
    }
  }
}

/** Whether what it waits for is chart or values, the stop, or a promotion whose gates are not open. */
function isTold(
  { reason, problems }: ReleaseRecord,
  { stopped, gatesOpen }: { stopped: boolean; gatesOpen: boolean },
): boolean {
  const own = problems.filter(({ message }) => message === reason)
  if (own.some((problem) => isOfChart(problem) || isOfValues(problem))) return true
  if (stopped && reason.startsWith('Stopped: ')) return true
  return !gatesOpen && (reason.startsWith(waitsAsPromotion) || own.some(({ code }) => code === promotionRefused))
}
