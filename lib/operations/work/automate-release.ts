import { formatImageRef, repositoryName } from '#lib/core/image/index.ts'
import { environmentOfRelease } from '#lib/core/pipeline/index.ts'
import { decideTag, policyOf, type Policy, type PolicyDecision } from '#lib/core/policy/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { Container, DocumentChange } from '#lib/core/values/index.ts'
import type { NewAudit, OperationRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmReleaseId, modeOf, stopOf, type WorkerDeps } from './deps.ts'
import { toFact } from './tag-fact.ts'
import { commitIntent } from './write-commits.ts'

type Deps = Pick<
  WorkerDeps,
  'store' | 'registry' | 'clock' | 'log' | 'memory' | 'settings' | 'newId' | 'wakeups' | 'step'
>

export interface ContainerDecision {
  container: Container
  policy: Policy | undefined
  written: string
  decision: PolicyDecision
  /** Of the tag to move to, where a digest stands beside the tag. */
  digest?: string
}

/** What the policies of one release say now; reads the store's tags, decides nothing by itself. */
export async function decideContainers(
  deps: Pick<Deps, 'store'>,
  release: DesiredRelease,
): Promise<ContainerDecision[]> {
  const decisions: ContainerDecision[] = []
  for (const container of release.containers) {
    const { written, policy, problem } = policyOf(release, container)
    if (!policy) {
      if (problem) decisions.push({ container, policy, written, decision: { kind: 'blocked', problem } })
      continue
    }
    const tags = (await deps.store.allTags(repositoryName(container.image))).map(toFact)
    const decision = decideTag({
      policy,
      current: container.image.tag,
      currentFact: tags.find((tag) => tag.name === container.image.tag),
      tags,
      refused: release.automation.refused[container.name],
    })
    decisions.push({ container, policy, written, decision })
  }
  return decisions
}

/**
 * One automation pass over one release: every container whose policy has something newer goes into one write request,
 * under one operation that the commit and the Helm revision will carry. Wakes the writer. Nothing is asked of registry
 * or cluster here, but the digest that has to be written beside a tag.
 */
export async function automateRelease(deps: Deps, record: ReleaseRecord): Promise<void> {
  // The snapshot that shows our own last commit wakes this again.
  if (deps.memory.awaitedCommit !== undefined) return
  const release = deps.memory.snapshot?.releases.find((candidate) => candidate.id === helmReleaseId(record))
  if (!release || !release.automation.automated || release.automation.ignored) return
  const decided = await decideContainers(deps, release)
  const barred = barrier(deps, release)
  const decisions = barred ? decided : await Promise.all(decided.map((entry) => withDigest(deps, release, entry)))
  const moves = decisions.filter((entry) => entry.decision.kind === 'move')
  const operation = moves.length > 0 && !barred ? deps.newId('op') : undefined
  for (const entry of decisions) await noteDecision(deps, record, entry, operation, barred)
  if (operation) await requestWrite(deps, record, release, moves, operation)
}

/** What keeps automation of this release from writing, whatever the tags say. */
function barrier(deps: Deps, release: DesiredRelease): string | undefined {
  if (release.automation.locked)
    return `locked${release.automation.locked.message ? `: ${release.automation.locked.message}` : ''}`
  const environment = environmentOfRelease(release)
  const stopped = stopOf(deps, environment)
  if (stopped !== undefined) return `stopped: ${stopped}`
  return modeOf(deps, environment) === 'observe'
    ? 'observed only: acting is not enabled for this environment'
    : undefined
}

/** The decision log has one row per change of verdict, not one per pass. */
async function noteDecision(
  deps: Deps,
  record: ReleaseRecord,
  entry: ContainerDecision,
  operation: string | undefined,
  barred: string | undefined,
) {
  const { decision, container } = entry
  const reason = decision.kind === 'blocked' ? decision.problem.message : decision.reason
  if (decision.kind === 'waiting') await askForBuildTimes(deps, record, container, reason)
  await deps.store.saveDecision({
    release: record.id,
    container: container.name,
    at: deps.clock.now(),
    policy: entry.written,
    current: container.image.tag,
    kind: decision.kind,
    tag: decision.kind === 'move' ? decision.tag : undefined,
    reason: decision.kind === 'move' && barred ? `${reason}; not written, ${barred}` : reason,
    operation: decision.kind === 'move' ? operation : undefined,
  })
}

/**
 * A filter or a switch can make build times needed that no scan has read, and the next one may be minutes away. Asked once
 * for each state of the reading, so that an image that cannot be read is not asked for again and again.
 */
async function askForBuildTimes(deps: Deps, record: ReleaseRecord, container: Container, reason: string) {
  const decisions = await deps.store.listDecisions(record.id, 50)
  const last = decisions.find((decision) => decision.container === container.name)
  if (last?.kind === 'waiting' && last.reason === reason) return
  deps.wakeups.wake('scan', repositoryName(container.image))
}

async function requestWrite(
  deps: Deps,
  record: ReleaseRecord,
  release: DesiredRelease,
  moves: ContainerDecision[],
  operationId: string,
) {
  const now = deps.clock.now()
  const first = moves[0] as ContainerDecision
  const firstTag = first.decision.kind === 'move' ? first.decision.tag : ''
  const reason = moves.map((entry) => (entry.decision.kind === 'move' ? entry.decision.reason : '')).join(' ')
  const operation: OperationRecord = {
    id: operationId,
    kind: 'image',
    release: record.id,
    actor: 'automation',
    cause: { kind: 'tag', repository: repositoryName(first.container.image), tag: firstTag },
    reason,
    state: 'decided',
    createdAt: now,
  }
  const requestId = deps.newId('write')
  const audit = (kind: string, data: Record<string, unknown>, more: Partial<NewAudit> = {}): NewAudit => ({
    at: now,
    kind,
    actor: 'automation',
    subject: release.id,
    environment: record.environment,
    release: record.id,
    operation: operationId,
    data,
    ...more,
  })
  const rows = [
    ...(await tagRows(deps, moves, audit)),
    audit('decision.made', { moves: moves.map(describeMove) }, { reason }),
    audit('commit.intent', { path: release.path, moves: moves.map(describeMove) }, { intent: commitIntent(requestId) }),
  ]
  const isNew = await deps.store.enqueueWrite(
    {
      id: requestId,
      operation: operationId,
      target: { id: release.id, path: release.path },
      changes: moves.map(toChange),
      kind: 'auto-release',
      actor: deps.settings.committer,
      cause: `tag ${firstTag} of ${repositoryName(first.container.image)}`,
      expects: Object.fromEntries(moves.map(({ container }) => [container.name, formatImageRef(container.image)])),
      createdAt: now,
    },
    operation,
    rows,
  )
  if (!isNew) return
  deps.step('commit.decided')
  deps.wakeups.wake('write')
}

async function tagRows(
  deps: Deps,
  moves: ContainerDecision[],
  audit: (kind: string, data: Record<string, unknown>, more?: Partial<NewAudit>) => NewAudit,
): Promise<NewAudit[]> {
  const rows: NewAudit[] = []
  for (const { container, decision } of moves) {
    if (decision.kind !== 'move') continue
    const repository = repositoryName(container.image)
    const tag = (await deps.store.allTags(repository)).find((candidate) => candidate.name === decision.tag)
    rows.push(
      audit(
        'tag.seen',
        { repository, tag: decision.tag, digest: tag?.digest, created: tag?.created },
        { at: tag?.firstSeenAt ?? deps.clock.now(), actor: 'registry' },
      ),
    )
  }
  return rows
}

function describeMove({ container, decision, written }: ContainerDecision) {
  return {
    container: container.name,
    from: container.image.tag,
    to: decision.kind === 'move' ? decision.tag : undefined,
    policy: written,
  }
}

/** Where a digest stands beside the tag it is rewritten in the same edit; if it cannot be, nothing is (§9.9). */
async function withDigest(deps: Deps, release: DesiredRelease, entry: ContainerDecision): Promise<ContainerDecision> {
  const { container, decision } = entry
  if (decision.kind !== 'move' || container.image.digest === undefined) return entry
  const registry = await deps.registry(container.image.host, [release.targetNamespace])
  const head = await registry.headTag(container.image, decision.tag)
  if (head) return { ...entry, digest: head.digest }
  const problem: Problem = {
    code: 'digest-unknown',
    severity: 'error',
    message: `A digest stands beside the tag of ${container.name}, and the registry gives no digest of ${decision.tag}.`,
    suggestion: 'Push the image again, or remove the digest from the values.',
    subject: container.name,
  }
  return { ...entry, decision: { kind: 'blocked', problem } }
}

function toChange({ container, decision, digest }: ContainerDecision): DocumentChange {
  const tag = decision.kind === 'move' ? decision.tag : ''
  return { kind: 'image', container: container.name, tag, ...(digest === undefined ? {} : { digest }) }
}
