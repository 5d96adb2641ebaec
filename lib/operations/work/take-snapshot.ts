import type { Problem } from '#lib/core/problem/index.ts'
import { readWheelhouseYaml, defaultConfig } from '#lib/core/pipeline/index.ts'
import { selectPaths } from '#lib/core/manifest/index.ts'
import { buildSnapshot, type Snapshot } from '#lib/core/snapshot/index.ts'
import type { TreeFile } from '#lib/ports/config-repository.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'git' | 'clock' | 'log' | 'settings' | 'memory'>

export type SnapshotTaken =
  | { kind: 'unchanged' }
  /** `mayDelete` = the new commit descends from the one before and its tree is not empty (§9.19). */
  | { kind: 'new'; snapshot: Snapshot; previous: Snapshot | undefined; mayDelete: boolean }

/**
 * Reads the branch head into memory: every document of the chosen paths with its place, and what is wrong with it.
 * A known file (by blob id) is not parsed again. `fetch: false` trusts the mirror, right after our own push.
 */
export async function takeSnapshot(deps: Deps, options: { fetch: boolean }): Promise<SnapshotTaken> {
  const head = options.fetch ? await deps.git.fetch() : await deps.git.head()
  const previous = deps.memory.snapshot
  if (!head) return { kind: 'unchanged' }
  if (previous?.commit === head.commit) return { kind: 'unchanged' }

  const files = await deps.git.listFiles(head.commit)
  const chosen = new Set(selectPaths(files.map((file) => file.path)))
  const { snapshot, config } = await readTree(deps, head.commit, files, chosen, previous)
  const empty = snapshot.documents.length === 0 && (previous?.documents.length ?? 0) > 0
  const known = previous?.commit ?? (await deps.store.latestSnapshot(deps.settings.repository))?.commit
  const forced = known !== undefined && (head.forced || !(await descends(deps, known, head.commit)))
  const extra = unusualHead(deps, forced, empty)
  snapshot.problems.push(...extra)

  deps.memory.snapshot = snapshot
  deps.memory.awaitedCommit = undefined
  deps.memory.config = config
  return { kind: 'new', snapshot, previous, mayDelete: extra.length === 0 }
}

async function readTree(
  deps: Deps,
  commit: string,
  files: TreeFile[],
  chosen: Set<string>,
  previous: Snapshot | undefined,
) {
  const settingsFile = files.find((file) => file.path === 'wheelhouse.yaml')
  const wanted = files.filter((file) => chosen.has(file.path))
  const unread = wanted.filter((file) => !previous?.files.has(file.blob)).map((file) => file.blob)
  const blobs = await deps.git.readBlobs(settingsFile ? [...unread, settingsFile.blob] : unread)
  const snapshot = buildSnapshot({
    commit,
    allPaths: files.map((file) => file.path),
    files: wanted.map((file) => ({ path: file.path, blob: file.blob, content: blobs.get(file.blob) })),
    previous,
  })
  const text = settingsFile && blobs.get(settingsFile.blob)
  const read = text?.kind === 'text' ? readWheelhouseYaml(text.text) : { config: defaultConfig, problems: [] }
  snapshot.problems.push(...read.problems)
  return { snapshot, config: read.config ?? defaultConfig }
}

/** A commit the mirror no longer has is no ancestor. */
async function descends(deps: Deps, ancestor: string, commit: string): Promise<boolean> {
  if ((await deps.git.resolve(ancestor)) === undefined) return false
  return deps.git.isAncestor(ancestor, commit)
}

function unusualHead(deps: Deps, forced: boolean, empty: boolean): Problem[] {
  const problems: Problem[] = []
  if (forced)
    problems.push({
      code: 'branch-forced',
      severity: 'warning',
      message: `${deps.settings.branch} was force-pushed; nothing is deleted on account of it.`,
      suggestion: 'Look at what the branch lost; push a commit on top to confirm the new history.',
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

/** Records the snapshot for pages; off the path from push to helm. */
export async function recordSnapshot(deps: Deps, snapshot: Snapshot, parent: string | undefined): Promise<void> {
  const info = await deps.git.commitInfo(snapshot.commit)
  await deps.store.saveSnapshot({
    repository: deps.settings.repository,
    commit: snapshot.commit,
    parent,
    authorName: info.authorName,
    subject: info.subject,
    committedAt: info.committedAt,
    fetchedAt: deps.clock.now(),
    documents: snapshot.documents.length,
    releases: snapshot.releases.length,
    problems: snapshot.problems,
    unsupported: snapshot.unsupported,
  })
}
