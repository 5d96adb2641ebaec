import type { WriteRequest } from '#lib/ports/store/index.ts'
import { releaseBehind, type WorkerDeps } from './deps.ts'
import { auditOfWrite } from './write-audit.ts'

type Deps = Pick<WorkerDeps, 'store' | 'git' | 'clock' | 'log' | 'memory'>

/** How far back a commit of ours is looked for after a crash between push and database. */
const searchDepth = 200

/** Ends what these edits were to do in Git; those that change an image go on to a Helm revision. */
export async function recordCommitted(
  deps: Omit<Deps, 'git'>,
  requests: readonly WriteRequest[],
  commit: string,
): Promise<void> {
  await deps.store.transaction(async (store) => {
    for (const request of requests) {
      await store.updateOperation(request.operation, {
        commit,
        ...(changesRelease(request) ? { state: 'committed' } : { state: 'succeeded', endedAt: deps.clock.now() }),
      })
    }
    await store.record(
      requests.map((request) => ({ ...auditOfWrite(deps, request), kind: 'commit.done', commit, data: { commit } })),
    )
    await store.removeWrites(requests.map((request) => request.id))
  })
  for (const request of requests.filter(changesRelease)) {
    const release = releaseBehind(deps, request.target.id)
    if (release) deps.memory.unfinished.add(release.id)
  }
  deps.log.info('committed', { commit, operations: requests.map((request) => request.operation) })
}

/**
 * Records the commits of ours that the mirror's head has and the database does not: a push may have gone through although
 * the worker died or never heard the answer, also of a worker before this one. Returns the requests that are not in Git.
 */
export async function settlePushes(deps: Deps, requests: readonly WriteRequest[]): Promise<WriteRequest[]> {
  const operations = requests.map(({ operation }) => operation)
  const commits = await deps.git.findOperations(operations, searchDepth)
  for (const [commit, found] of Map.groupBy(requests, ({ operation }) => commits.get(operation)))
    if (commit !== undefined) await recordCommitted(deps, found, commit)
  return requests.filter(({ operation }) => !commits.has(operation))
}

/** Only an image change leads on to a Helm revision; an edit of policies or settings ends with its commit. */
function changesRelease(request: WriteRequest): boolean {
  return request.changes.some(({ kind }) => kind !== 'annotation' && kind !== 'file')
}
