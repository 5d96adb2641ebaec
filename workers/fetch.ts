import { isDeepStrictEqual } from 'node:util'
import { Fault } from '#lib/core/fault/index.ts'
import type { Snapshot } from '#lib/core/snapshot/index.ts'
import { planDeletions } from '#lib/operations/work/plan-deletions.ts'
import { syncReleaseRecords } from '#lib/operations/work/release-records.ts'
import { usesByRepository } from '#lib/operations/work/image-uses.ts'
import { recordSnapshot, takeSnapshot } from '#lib/operations/work/take-snapshot.ts'
import type { ImageRepositoryRecord } from '#lib/ports/store/index.ts'
import { helmReleaseId, type WorkerDeps } from '#lib/operations/work/deps.ts'

/**
 * Fetches the branch and hands on what changed: the release loop first, since it is what people wait for, then the
 * projection, then what only pages show. `own` = we just pushed, the mirror has the commit. Returns the image
 * repositories in use, each due at its own time; none where nothing changed.
 */
export async function fetchOnce(deps: WorkerDeps, own: boolean): Promise<ImageRepositoryRecord[]> {
  const { stop } = deps.memory.config
  const taken = await takeSnapshot(deps, { fetch: !own }).catch(async (error: unknown) => {
    await noteUnreachable(deps, error)
    throw error
  })
  // Commits wait for a stop to be lifted; anything else wakes the writer only with what there is to write.
  if (!isDeepStrictEqual(stop, deps.memory.config.stop)) deps.wakeups.wake('write')
  await noteReachable(deps)
  if (taken.kind === 'unchanged') return []
  const { snapshot, previous, mayDelete } = taken
  await syncReleaseRecords(deps)
  // Changed documents first: they are what somebody waits for. The others look again too, since a chart may have
  // changed under them; for most it ends at an equal digest, without a call to anything.
  const changed = changedReleases(snapshot, previous)
  const [first, others] = partition([...deps.memory.releases.values()], (record) => changed.has(helmReleaseId(record)))
  for (const record of [...first, ...others]) deps.wakeups.wake('release', record.id)
  deps.wakeups.wake('snapshot')
  await planDeletions(deps, snapshot, previous, mayDelete)
  const repositories = await watchImages(deps)
  await recordSnapshot(deps, snapshot, previous?.commit)
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
  return repositories
}

function changedReleases(snapshot: Snapshot, previous: Snapshot | undefined): Set<string> {
  const before = new Map(previous?.releases.map((release) => [release.id, release.digest]))
  return new Set(snapshot.releases.filter((release) => before.get(release.id) !== release.digest).map(({ id }) => id))
}

function partition<T>(items: T[], first: (item: T) => boolean): [T[], T[]] {
  return [items.filter(first), items.filter((item) => !first(item))]
}

async function watchImages(deps: WorkerDeps): Promise<ImageRepositoryRecord[]> {
  const desired = [...deps.memory.releases.values()].filter((record) => record.desired)
  const ids = new Map(desired.map((record) => [helmReleaseId(record), record.id]))
  const uses = [...usesByRepository(deps)].map(([name, users]) => ({
    name,
    usedBy: [...new Set(users.flatMap(({ release }) => ids.get(release.id) ?? []))],
  }))
  await deps.store.watchRepositories(uses)
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
  await deps.store.openAlert(
    {
      key: `git:${deps.settings.repository}`,
      kind: 'git-unreachable',
      severity: 'critical',
      title: 'The config repository cannot be reached',
      detail: error.message,
      nextStep: error.suggestion ?? 'Check the URL, the credentials and the network of the worker.',
    },
    deps.clock.now(),
  )
}

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
  await deps.store.recoverAlert(`git:${deps.settings.repository}`, deps.clock.now())
}
