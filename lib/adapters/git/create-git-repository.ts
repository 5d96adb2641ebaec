import type { LaunchChild } from '#lib/adapters/launcher/index.ts'
import { isRefName } from '#lib/core/connection/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { sshHostOf } from '#lib/core/ssh/index.ts'
import type {
  BlobContent,
  CommitInfo,
  ConfigRepository,
  RepositoryHead,
  TreeFile,
} from '#lib/ports/config-repository.ts'
import type { Log } from '#lib/ports/log.ts'
import { pushAnchor, readAnchor } from './anchor.ts'
import type { DeliverCommit } from './commit-draft.ts'
import { exportDirectory } from './export-directory.ts'
import { fetchBranch, followedRefs, isAncestor, resolveRef } from './fetch-branch.ts'
import { parseGitAddress, type GitAddress, type GitIdentity } from './git-address.ts'
import { gitEnvironment, secretsOf } from './git-environment.ts'
import { Mirror, type MirrorOptions } from './mirror.ts'
import { parseCommit } from './parse-commit.ts'
import { propose, readBranch, removeBranch } from './propose.ts'
import { openSshJob, type SshAccess } from './ssh-job.ts'
import { normalisePath, resolveInTree } from './tree.ts'
import { tryAccess } from './try-access.ts'
import { writeCommit } from './write-commit.ts'

export interface GitRepositoryOptions {
  /** `https://`, `http://`, `ssh://`, `user@host:path`, `file://`, or the absolute path of a bare repository. */
  url: string
  branch: string
  /** A directory of this repository alone, made if need be. One process at a time. */
  mirrorDir: string
  /** As a function it is asked before every command that reaches the remote: for credentials that run out. */
  identity?: HttpIdentity | (() => Promise<HttpIdentity>)
  /** Keys for an address of SSH; without it nothing proves us there. */
  ssh?: SshAccess
  /** How a commit that was made in the mirror becomes the head of the branch. Default: `git push`. */
  deliver?: DeliverCommit
  /** Certificate authority of the Git host, PEM. */
  caFile?: string
  committer: { name: string; email: string }
  /** Asked before every command that reaches the remote; throws where it must not be reached. */
  mayReach?: () => Promise<void>
  /** How Git is started; default: as a child of this process. */
  launch?: LaunchChild
  /** Milliseconds for one Git child. */
  timeoutMs: number
  log: Log
}

type HttpIdentity = Pick<GitIdentity, 'username' | 'password'>

export interface GitRepository extends ConfigRepository {
  /** `maxBytes`: size from which a blob is `too-large`; default 5 MiB. */
  readBlobs(ids: readonly string[], maxBytes?: number): Promise<Map<string, BlobContent>>
  /** Waits for what runs and ends the reading child. */
  close(): Promise<void>
}

const defaultMaxBytes = 5 * 1024 * 1024

/** A repository through the `git` program. Throws Fault `invalid` at once for an unusable address or branch name. */
export function createGitRepository(options: GitRepositoryOptions): GitRepository {
  const address = parseGitAddress(options.url)
  if (!isRefName(options.branch)) throw new Fault('invalid', 'This is not the name of a branch.')
  const { branch, timeoutMs, caFile, mayReach, log, mirrorDir: dir } = options
  const callers = callersOf(address, options)
  const mirror = new Mirror({ dir, branch, address, ...callers, mayReach, timeoutMs, caFile, log })
  const followed = lazily(() => followedRefs(mirror))
  return {
    fetch: joinWaiting(() => mirror.exclusively(async () => fetchBranch(mirror, await followed()))),
    head: () => knownHead(mirror),
    listFiles: (commit, under) => listFiles(mirror, commit, under),
    treeId: (commit, path) => treeId(mirror, commit, path),
    readBlobs: (ids, maxBytes = defaultMaxBytes) => readBlobs(mirror, ids, maxBytes),
    resolve: async (ref) => resolveRef(mirror, await followed(), ref),
    commitInfo: (commit) => commitInfo(mirror, commit),
    log: (since, until, limit) => readLog(mirror, since, until, limit),
    isAncestor: (ancestor, descendant) => isAncestor(mirror, ancestor, descendant),
    changedPaths: (from, to) => changedPaths(mirror, from, to),
    exportDirectory: (commit, path, targetDir) => exportDirectory(mirror, commit, path, targetDir),
    commit: (request) => mirror.exclusively(() => writeCommit(mirror, request, options)),
    inTurn: (work) =>
      mirror.exclusively(() =>
        work({
          fetch: async () => fetchBranch(mirror, await followed()),
          commit: (request) => writeCommit(mirror, request, options),
        }),
      ),
    readAnchor: (ref, name) => mirror.exclusively(() => readAnchor(mirror, ref, name)),
    pushAnchor: (request) => mirror.exclusively(() => pushAnchor(mirror, request, options.committer)),
    propose: (request) => mirror.exclusively(() => propose(mirror, request, options.committer)),
    readBranch: (name) => mirror.exclusively(() => readBranch(mirror, name)),
    removeBranch: (name, at) => mirror.exclusively(() => removeBranch(mirror, name, at)),
    findOperations: (operations, limit) => findOperations(mirror, operations, limit),
    tryAccess: (trial) => mirror.exclusively(() => tryAccess(mirror, trial, options.committer)),
    close: () => mirror.close(),
  }
}

/** How Git is called for what is here, and for what is at the remote. */
function callersOf(address: GitAddress, options: GitRepositoryOptions): Pick<MirrorOptions, 'caller' | 'remoteCaller'> {
  const { mirrorDir, identity = {}, ssh, launch } = options
  const callerAs = (known: GitIdentity) => ({
    env: gitEnvironment(mirrorDir, address, known, process.env),
    secrets: secretsOf(address, known),
    launch,
  })
  const host = sshHostOf(address.url)
  if (ssh && host !== undefined) {
    const remoteCaller = async (key?: string) => {
      const job = await openSshJob(mirrorDir, ssh, host, key)
      return { ...callerAs({ ssh: job }), end: () => job.end() }
    }
    return { caller: callerAs({}), remoteCaller }
  }
  if (typeof identity !== 'function') return { caller: callerAs(identity) }
  return { caller: callerAs({}), remoteCaller: async () => ({ ...callerAs(await identity()), end: nothing }) }
}

const nothing = (): Promise<void> => Promise.resolve()

/**
 * Calls that come while one waits for its turn share it. A call that comes while one already talks to the remote gets
 * a turn of its own: what was pushed just before it may be missing from the answer under way.
 */
function joinWaiting(fetch: () => Promise<RepositoryHead | undefined>): () => Promise<RepositoryHead | undefined> {
  let running: Promise<unknown> = Promise.resolve()
  let waiting: Promise<RepositoryHead | undefined> | undefined
  return () => {
    if (waiting) return waiting
    const mine = running.then(() => {
      waiting = undefined
      return fetch()
    })
    waiting = mine
    running = mine.catch(() => undefined)
    return mine
  }
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}

async function knownHead(mirror: Mirror): Promise<RepositoryHead | undefined> {
  const commit = await mirror.head()
  return commit === undefined ? undefined : { commit, forced: false }
}

async function listFiles(mirror: Mirror, commit: string, under?: readonly string[]): Promise<TreeFile[]> {
  const tree = await mirror.tree(commit)
  const roots = under?.map((path) => normalisePath(path)).filter((path) => path !== undefined)
  const files: TreeFile[] = []
  for (const { path, kind, id, size } of tree.values()) {
    if (kind !== 'file' && kind !== 'executable') continue
    const wanted = roots?.some((root) => root === '' || path === root || path.startsWith(`${root}/`)) ?? true
    if (wanted) files.push({ path, blob: id, size, mode: kind === 'executable' ? '100755' : '100644' })
  }
  return files
}

async function treeId(mirror: Mirror, commit: string, path: string): Promise<string | undefined> {
  await mirror.requireCommit(commit)
  const normal = normalisePath(path)
  if (normal === undefined) return undefined
  const reader = await mirror.reader()
  const direct = await reader.info(normal === '' ? `${commit}^{tree}` : `${commit}:${normal}`)
  if (direct?.type === 'tree') return direct.id
  // Somewhere on the way there may be a symlink to a directory.
  const resolved = await resolveInTree(await mirror.tree(commit), normal, async (link) => {
    return link.size > 4096 ? '/' : ((await reader.contents(link.id))?.contents.toString('utf8') ?? '/')
  })
  if (resolved.kind === 'root') return (await reader.info(`${commit}^{tree}`))?.id
  return resolved.kind === 'found' && resolved.entry.kind === 'directory' ? resolved.entry.id : undefined
}

async function readBlobs(mirror: Mirror, ids: readonly string[], maxBytes: number): Promise<Map<string, BlobContent>> {
  const reader = await mirror.reader()
  const unique = [...new Set(ids)]
  const read = unique.map(async (id): Promise<[string, BlobContent]> => {
    if (!/^[0-9a-f]{40,64}$/.test(id)) throw new Fault('invalid', 'This is not the id of a Git object.')
    const bytes = mirror.knownSize(id) ?? (await reader.info(id))?.size ?? 0
    if (bytes > maxBytes) return [id, { kind: 'too-large', bytes }]
    const object = await reader.contents(id)
    if (object?.info.type !== 'blob') throw new Fault('not-found', `Blob ${id.slice(0, 10)} is not in the repository.`)
    return [id, asText(object.contents)]
  })
  return new Map(await Promise.all(read))
}

/** A NUL is valid UTF-8 but never part of a text file. */
function asText(bytes: Buffer): BlobContent {
  if (bytes.includes(0)) return { kind: 'binary' }
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { kind: 'binary' }
  }
}

async function commitInfo(mirror: Mirror, commit: string): Promise<CommitInfo> {
  await mirror.requireCommit(commit)
  const object = await (await mirror.reader()).contents(commit)
  if (!object) throw new Fault('not-found', `Commit ${commit.slice(0, 10)} is not in the repository.`)
  return parseCommit(commit, object.contents)
}

async function readLog(mirror: Mirror, since: string | undefined, until: string, limit: number): Promise<CommitInfo[]> {
  await mirror.requireCommit(until)
  const exclude = since !== undefined && (await mirror.commitOf(since)) === since ? [`^${since}`] : []
  const count = `--max-count=${Math.max(0, Math.floor(limit))}`
  const listed = await mirror.git(['rev-list', count, until, ...exclude])
  const ids = listed
    .toString('utf8')
    .split('\n')
    .filter((id) => id !== '')
  return Promise.all(ids.map((id) => commitInfo(mirror, id)))
}

async function changedPaths(mirror: Mirror, from: string, to: string): Promise<string[]> {
  await Promise.all([mirror.requireCommit(from), mirror.requireCommit(to)])
  const printed = await mirror.git(['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to])
  return printed
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '')
}

/** The line counts anywhere in the message: a squashed pull request carries several, not all in the last paragraph. */
async function findOperations(
  mirror: Mirror,
  operations: readonly string[],
  limit: number,
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const head = operations.length > 0 ? await mirror.head() : undefined
  if (head === undefined) return found
  const wanted = new Map(operations.map((operation) => [`Wheelhouse-Op: ${operation}`, operation]))
  for (const commit of await readLog(mirror, undefined, head, limit)) {
    for (const line of commit.message.split('\n')) {
      const operation = wanted.get(line.trimEnd())
      if (operation !== undefined && !found.has(operation)) found.set(operation, commit.id)
    }
  }
  return found
}
