import { reservedContainers } from '#lib/core/promotion/index.ts'
import { repositoryName } from '#lib/core/image/index.ts'
import { environmentOfRelease } from '#lib/core/pipeline/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { Snapshot } from '#lib/core/snapshot/index.ts'
import type { Container } from '#lib/core/values/index.ts'
import type { NewAudit, OperationRecord, ReleaseRecord, Store } from '#lib/ports/store/index.ts'
import { isGated } from '#lib/core/gate/index.ts'
import { decideUpdates, expectsOf, toChange, withMet, type ContainerDecision } from './decide-containers.ts'
import { barrier, decisionRow, promoted } from './decision-row.ts'
import { helmReleaseId, modeOf, stopOf, type WorkerDeps } from './deps.ts'
import { guardInForce } from './guards.ts'
import { promoteMoves, reserving } from './promote-moves.ts'
import { imagesOf } from './release-images.ts'
import { patchRelease } from './release-records.ts'
import { commitIntent } from './write-audit.ts'

type Deps = WorkerDeps

/**
 * One automation pass over one release: every container whose policy has something newer goes into one write request,
 * under one operation that the commit and the Helm revision will carry. Wakes the writer. Nothing is asked of registry
 * or cluster here, but the digest that has to be written beside a tag.
 */
export async function automateRelease(deps: Deps, record: ReleaseRecord): Promise<void> {
  const { snapshot } = deps.memory
  const release = snapshot?.releases.find((candidate) => candidate.id === helmReleaseId(record))
  if (!snapshot || !release || !release.automation.automated || release.automation.ignored) return
  const environment = environmentOfRelease(release)
  const barred = barrier(release, {
    emergency: record.emergency !== undefined,
    stopped: stopOf(deps, environment),
    mode: modeOf(deps, environment),
  })
  const decisions = await decideUpdates(deps, { record, release, snapshot }, { digests: barred === undefined })
  // What a promotion is about to write is its own, the tag it puts into the registry included.
  const reserved = reservedContainers(reserving(deps), record.id)
  const moves = decisions.filter(({ decision, container }) => decision.kind === 'move' && !reserved.has(container.name))
  const promotes = moves.length > 0 && !barred && isGated(guardInForce(deps, record).inForce.gates)
  const unwritten = promotes ? promoted(record.environment) : barred
  const request =
    moves.length > 0 && unwritten === undefined ? await makeRequest(deps, record, release, moves) : undefined
  // The snapshot that shows what the branch says by now, our own commit for one, wakes this again.
  if (await isOvertaken(deps, snapshot)) {
    deps.memory.putOff.add(record.id)
    deps.wakeups.wake('fetch', 'own')
    return
  }
  const save = async (store: Store) => {
    const isNew = request !== undefined && (await store.enqueueWrite(...request))
    const operation = isNew ? request[1].id : undefined
    for (const entry of decisions) await noteDecision({ ...deps, store }, record, entry, operation, unwritten)
    return isNew
  }
  const isQueued = await (request ? deps.store.transaction(save) : save(deps.store))
  await patchRelease(deps, record.id, { images: withMet(imagesOf(deps, release), decisions) })
  if (promotes) await promoteMoves(deps, record, release, moves)
  if (!isQueued) return
  deps.step('commit.decided')
  deps.wakeups.wake('write')
}

/** Whether the branch, as far as we know it, says something that the snapshot does not show yet. */
async function isOvertaken(deps: Deps, snapshot: Snapshot): Promise<boolean> {
  const head = await deps.git.head()
  return head?.commit !== snapshot.commit || deps.memory.snapshot !== snapshot
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
  if (decision.kind === 'waiting') await askForBuildTimes(deps, record, container, decision.reason)
  await deps.store.saveDecision({
    ...decisionRow(record.id, entry, barred),
    at: deps.clock.now(),
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

/** The arguments of `enqueueWrite`: the request, its operation, and what the audit says of both. */
async function makeRequest(
  deps: Deps,
  record: ReleaseRecord,
  release: DesiredRelease,
  moves: ContainerDecision[],
): Promise<Parameters<Store['enqueueWrite']>> {
  const operationId = deps.newId('op')
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
  return [
    {
      id: requestId,
      operation: operationId,
      target: { id: release.id, path: release.path },
      changes: moves.map(toChange),
      kind: 'auto-release',
      actor: deps.settings.committer,
      cause: `tag ${firstTag} of ${repositoryName(first.container.image)}`,
      expects: expectsOf(moves),
      createdAt: now,
    },
    operation,
    rows,
  ]
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
