import { Fault } from '#lib/core/fault/index.ts'
import { selectPaths } from '#lib/core/manifest/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import { buildSnapshot, type Snapshot } from '#lib/core/snapshot/index.ts'
import type { WorkerDeps } from './deps.ts'
import { followedHead, saveFollowedHead } from './followed-head.ts'
import { settlePushes } from './record-commit.ts'
import { keepConfig, keepFile, readConfig, type ConfigRead } from './repository-config.ts'

type Deps = Pick<WorkerDeps, 'store' | 'git' | 'clock' | 'log' | 'settings' | 'memory'>

export type SnapshotTaken =
  | { kind: 'unchanged' }
  /**
   * `previous` = the head followed before, read again from Git after a restart. `mayDelete` = the new commit descends
   * from it and its tree is not empty (§9.19). `file` = `wheelhouse.yaml` as found in it.
   */
  | {
      kind: 'new'
      snapshot: Snapshot
      previous: Snapshot | undefined
      mayDelete: boolean
      file: ConfigRead['found']
    }

/**
 * Reads the branch head into memory: every document of the chosen paths with its place, and what is wrong with it.
 * A known file (by blob id) is not parsed again. `fetch: false` trusts the mirror, right after our own push. A head whose
 * hand-over was cut short is new once more, seen from the one handed over before.
 */
export async function takeSnapshot(deps: Deps, options: { fetch: boolean }): Promise<SnapshotTaken> {
  const head = options.fetch ? await deps.git.fetch() : await deps.git.head()
  const { memory } = deps
  if (memory.handedOver && head?.commit === memory.handedOver.commit) return { kind: 'unchanged' }
  const followed = memory.handedOver?.commit ?? (await followedHead(deps))
  if (!head) {
    if (followed !== undefined) throw branchGone(deps)
    return { kind: 'unchanged' }
  }
  const isNew = followed !== head.commit
  const [{ before, snapshot, read }, isOnTop] = await Promise.all([
    readHead(deps, head.commit, isNew ? followed : undefined),
    followed === undefined || deps.git.isAncestor(followed, head.commit),
    // Before anybody decides on a head that may hold a commit of ours which nobody wrote down.
    deps.store.pendingWrites().then((pending) => settlePushes(deps, pending)),
  ])
  const empty = snapshot.documents.length === 0 && (before?.documents.length ?? 0) > 0
  const forced = isNew && followed !== undefined && (head.forced || !isOnTop)
  const unusual = isNew ? unusualHead(deps, forced, empty) : await unusualBefore(deps, head.commit)
  snapshot.problems.push(...unusual)
  await keepConfig(deps, read)

  memory.snapshot = snapshot
  memory.config = read.config
  const mayDelete = isNew && followed !== undefined && unusual.length === 0
  return { kind: 'new', snapshot, previous: before, mayDelete, file: read.found }
}

function branchGone({ settings }: Deps): Fault {
  return new Fault('git-unreachable', `${settings.repository} has no branch ${settings.branch} any more.`, {
    retryable: true,
    suggestion: 'Push the branch again, or name another one; nothing is deleted on account of it.',
  })
}

async function readHead(deps: Deps, commit: string, followed: string | undefined) {
  const before = followed === undefined ? undefined : await readBefore(deps, followed)
  return { before, ...(await readTree(deps, commit, before)) }
}

/** After a restart the head followed before is read from Git once more, where the mirror still has it. */
async function readBefore(deps: Deps, followed: string): Promise<Snapshot | undefined> {
  if (deps.memory.handedOver) return deps.memory.handedOver
  if ((await deps.git.resolve(followed)) === undefined) return undefined
  return (await readTree(deps, followed, undefined)).snapshot
}

async function readTree(
  deps: Deps,
  commit: string,
  before: Snapshot | undefined,
): Promise<{ snapshot: Snapshot; read: ConfigRead }> {
  const files = await deps.git.listFiles(commit)
  const read = await readConfig(deps, files)
  const { paths, holds } = read.config
  const roots = paths.length > 0 ? paths : undefined
  const allPaths = files.map((file) => file.path)
  const chosen = new Set(selectPaths(allPaths, roots))
  const wanted = files.filter((file) => chosen.has(file.path))
  const unread = wanted.filter((file) => !before?.files.has(file.blob)).map((file) => file.blob)
  const blobs = await deps.git.readBlobs(unread)
  const snapshot = buildSnapshot({
    commit,
    allPaths,
    files: wanted.map((file) => ({ path: file.path, blob: file.blob, content: blobs.get(file.blob) })),
    previous: before,
    roots,
    holds,
  })
  snapshot.problems.push(...read.problems)
  return { snapshot, read }
}

const unusualCodes = new Set(['branch-forced', 'tree-empty'])

function unusualHead(deps: Deps, forced: boolean, empty: boolean): Problem[] {
  const problems: Problem[] = []
  if (forced)
    problems.push({
      code: 'branch-forced',
      severity: 'warning',
      message: `${deps.settings.branch} was force-pushed; nothing is deleted on account of it.`,
      suggestion: 'Look at what the branch lost; with the next commit on top you are asked what becomes of it.',
    })
  if (empty)
    problems.push({
      code: 'tree-empty',
      severity: 'error',
      message: 'The branch holds no documents any more; nothing is deleted on account of it.',
      suggestion: 'Restore the files, or remove releases one by one so that each deletion can be consented to.',
    })
  return problems
}

/** The same head again after a restart: what was unusual about it is so still. */
async function unusualBefore(deps: Deps, commit: string): Promise<Problem[]> {
  const latest = await deps.store.latestSnapshot(deps.settings.repository)
  return latest?.commit === commit ? latest.problems.filter(({ code }) => unusualCodes.has(code)) : []
}

/** Records what was taken for pages and as the head followed; off the path from push to helm, after its deletions. */
export async function recordSnapshot(
  deps: Deps,
  { snapshot, previous, file }: Extract<SnapshotTaken, { kind: 'new' }>,
): Promise<void> {
  await keepFile(deps, snapshot.commit, file)
  const info = await deps.git.commitInfo(snapshot.commit)
  await deps.store.saveSnapshot({
    repository: deps.settings.repository,
    commit: snapshot.commit,
    parent: previous?.commit,
    authorName: info.authorName,
    subject: info.subject,
    committedAt: info.committedAt,
    fetchedAt: deps.clock.now(),
    documents: snapshot.documents.length,
    releases: snapshot.releases.length,
    problems: snapshot.problems,
    unsupported: snapshot.unsupported,
  })
  await saveFollowedHead(deps, snapshot.commit)
}
