import { isDeepStrictEqual } from 'node:util'
import { Fault } from '#lib/core/fault/index.ts'
import { planDeletions } from '#lib/operations/work/plan-deletions.ts'
import { followGates } from '#lib/operations/work/guards.ts'
import { syncReleaseRecords } from '#lib/operations/work/release-records.ts'
import { usesByRepository } from '#lib/operations/work/image-uses.ts'
import { settleAlerts } from '#lib/operations/work/settle-alerts.ts'
import { touchedReleases } from '#lib/operations/work/touched-releases.ts'
import { recordSnapshot, takeSnapshot } from '#lib/operations/work/take-snapshot.ts'
import type { ImageRepositoryRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmReleaseId, type WorkerDeps } from '#lib/operations/work/deps.ts'

/**
 * Fetches the branch and hands on what changed: the release loop first, since it is what people wait for, then the
 * projection, then what only pages show. `own` = we just pushed, the mirror has the commit. Returns the image
 * repositories in use, each due at its own time; none where that is as before.
 */
export async function fetchOnce(deps: WorkerDeps, own: boolean): Promise<ImageRepositoryRecord[]> {
  const { stop } = deps.memory.config
  const taken = await takeSnapshot(deps, { fetch: !own }).catch(async (error: unknown) => {
    await noteUnreachable(deps, error)
    throw error
  })
  // Commits wait for a stop to be lifted; anything else wakes the writer only with what there is to write.
  if (!isDeepStrictEqual(stop, deps.memory.config.stop)) deps.wakeups.wake('write')
  if (taken.kind === 'unchanged') {
    wakePutOff(deps)
    await noteReachable(deps)
    return []
  }
  const { snapshot, previous, mayDelete } = taken
  await syncReleaseRecords(deps)
  await followGates(deps)
  const touched = await touchedReleases(deps)
  for (const { id } of touched) deps.wakeups.wake('release', id)
  // Meanwhile they come to the start of helm; nothing else is to take the time of this process from them.
  await noteReachable(deps)
  wakeOthers(deps, touched, snapshot.commit)
  await planDeletions(deps, snapshot, previous, mayDelete)
  const repositories = await watchImages(deps)
  await recordSnapshot(deps, taken)
  await deps.store.record([
    {
      at: deps.clock.now(),
      kind: 'git.fetched',
      actor: 'git',
      subject: deps.settings.repository,
      commit: snapshot.commit,
      data: { documents: snapshot.documents.length, problems: snapshot.problems.length },
    },
  ])
  deps.wakeups.wake('outbox')
  // Only now: if anything above fails, the same head is handed on once more.
  deps.memory.handedOver = snapshot
  deps.memory.handedOverConfig = deps.memory.config
  return repositories
}

function wakeOthers(deps: WorkerDeps, touched: readonly ReleaseRecord[], commit: string) {
  deps.wakeups.wake('snapshot', commit)
  for (const { id } of touched) deps.wakeups.wake('automate', id)
  wakePutOff(deps)
  wakeUnread(deps)
  wakeRefused(deps)
}

/** What the branch, or a document as it was written, did not admit may be admitted now. */
function wakeRefused({ memory, wakeups }: WorkerDeps) {
  if (memory.pushRefused) wakeups.wake('write')
  for (const { id, images } of memory.releases.values())
    if (images.some(({ met }) => met?.by === 'edit')) wakeups.wake('automate', id)
}

/** Now it is known which Secrets their values came from. */
function wakeUnread({ memory, wakeups }: WorkerDeps) {
  for (const key of memory.unreadRevisions) wakeups.wake('revision', key)
  memory.unreadRevisions.clear()
}

function wakePutOff({ memory, wakeups }: WorkerDeps) {
  for (const id of memory.putOff) wakeups.wake('automate', id)
  memory.putOff.clear()
}

/** Most commits change who uses which image not at all; then each is due when it was. */
async function watchImages(deps: WorkerDeps): Promise<ImageRepositoryRecord[]> {
  const desired = [...deps.memory.releases.values()].filter((record) => record.desired)
  const ids = new Map(desired.map((record) => [helmReleaseId(record), record.id]))
  const uses = [...usesByRepository(deps)].map(([name, users]) => ({
    name,
    usedBy: [...new Set(users.flatMap(({ release }) => ids.get(release.id) ?? []))],
  }))
  if (isDeepStrictEqual(uses, deps.memory.imageUses)) return []
  await deps.store.watchRepositories(uses)
  deps.memory.imageUses = uses
  return deps.store.listImageRepositories()
}

async function noteUnreachable(deps: WorkerDeps, error: unknown) {
  if (!(error instanceof Fault)) return
  await deps.store.setFact('repository', {
    url: deps.settings.repository,
    branch: deps.settings.branch,
    state: 'unreachable',
    reason: error.message,
    environments: deps.memory.config.environments,
    at: deps.clock.now(),
  })
  await settleAlerts(deps, gitKey(deps), {
    wanted: [
      {
        key: gitKey(deps),
        kind: 'git-unreachable',
        severity: 'critical',
        title: 'The config repository cannot be reached',
        detail: error.message,
        nextStep: error.suggestion ?? 'Check the URL, the credentials and the network of the worker.',
      },
    ],
    kept: [],
  })
}

const gitKey = ({ settings }: WorkerDeps): string => `git:${settings.repository}`

async function noteReachable(deps: WorkerDeps) {
  const head = deps.memory.snapshot?.commit
  await deps.store.setFact('repository', {
    url: deps.settings.repository,
    branch: deps.settings.branch,
    state: 'ready',
    head,
    environments: deps.memory.config.environments,
    at: deps.clock.now(),
  })
  await settleAlerts(deps, gitKey(deps), { wanted: [], kept: [] })
}
