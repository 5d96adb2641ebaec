import { rm } from 'node:fs/promises'
import { Fault } from '#lib/core/fault/index.ts'
import type { Log } from '#lib/ports/log.ts'
import { gitFault, isCorrupt, isStaleLock } from './classify-git-error.ts'
import type { GitAddress } from './git-address.ts'
import { prepareMirrorDirectory, removeStaleLocks } from './mirror-directory.ts'
import { ObjectReader } from './object-reader.ts'
import { mustRunGit, runGit, type GitCaller, type GitResult, type RemoteCaller } from './run-git.ts'
import { TreeReading } from './read-tree.ts'
import type { Tree } from './tree.ts'

export interface MirrorOptions {
  dir: string
  branch: string
  address: GitAddress
  caller: GitCaller
  /**
   * The caller of one command that reaches the remote, with credentials as they are now. `key`: with this deploy key alone.
   * Default: `caller`.
   */
  remoteCaller?: (key?: string) => Promise<RemoteCaller>
  mayReach?: () => Promise<void>
  /** Milliseconds for one Git child; the first fetch of a repository gets ten minutes at least. */
  timeoutMs: number
  caFile?: string
  log: Log
}

const cachedTrees = 4
const firstFetchMs = 10 * 60_000
/** Network operations between two looks at whether the mirror wants packing. */
const operationsPerTidy = 500
/** Commands that reach the remote. */
const remoteCommands: ReadonlySet<string | undefined> = new Set(['fetch', 'ls-remote', 'push'])
const objectId = /^[0-9a-f]{40}([0-9a-f]{24})?$/

/** The local bare repository: one Git network operation at a time, reads at any time. */
export class Mirror {
  readonly options: MirrorOptions
  readonly trackingRef: string
  #reader: ObjectReader
  #opened: Promise<void> | undefined
  #tail: Promise<unknown> = Promise.resolve()
  #trees = new Map<string, Promise<Tree>>()
  readonly #treeReading = new TreeReading()
  #wasFetched = false
  #operations = 0
  #closed = false

  constructor(options: MirrorOptions) {
    this.options = options
    this.trackingRef = `refs/remotes/origin/${options.branch}`
    this.#reader = new ObjectReader(options.caller)
  }

  async reader(): Promise<ObjectReader> {
    await this.#open()
    return this.#reader
  }

  /** Commit a ref or object name means in the mirror. */
  async commitOf(name: string): Promise<string | undefined> {
    const reader = await this.reader()
    return (await reader.info(`${name}^{commit}`))?.id
  }

  async head(): Promise<string | undefined> {
    return this.commitOf(this.trackingRef)
  }

  /** Throws Fault `invalid` for what is no commit id, `not-found` for a commit the mirror does not have. */
  async requireCommit(id: string): Promise<void> {
    if (!objectId.test(id)) throw new Fault('invalid', 'This is not a commit id.')
    if ((await this.commitOf(id)) !== id) {
      throw new Fault('not-found', `Commit ${id.slice(0, 10)} is not in the repository.`)
    }
  }

  /** The whole tree of a commit; the last few are kept. Throws as `requireCommit`. */
  async tree(commit: string): Promise<Tree> {
    const cached = this.#trees.get(commit)
    if (cached) return cached
    const read = this.#readTree(commit)
    this.#trees.set(commit, read)
    const oldest = this.#trees.keys().next().value
    if (this.#trees.size > cachedTrees && oldest !== undefined) this.#trees.delete(oldest)
    read.catch(() => this.#trees.delete(commit))
    return read
  }

  /** Bytes of a blob that is in the tree read last; undefined = it is to be asked for. */
  knownSize(blob: string): number | undefined {
    return this.#treeReading.sizeOf(blob)
  }

  /** A local Git child that has to succeed. */
  async git(args: readonly string[], input?: string | Buffer): Promise<Buffer> {
    await this.#open()
    return mustRunGit(this.options.caller, args, { timeoutMs: this.options.timeoutMs, input })
  }

  /** A Git child whose exit code is an answer. */
  async tryGit(args: readonly string[], timeoutMs = this.options.timeoutMs): Promise<GitResult> {
    await this.#open()
    if (!remoteCommands.has(args[0])) return runGit(this.options.caller, args, { timeoutMs })
    return this.#remotely((caller) => runGit(caller, args, { timeoutMs }))
  }

  /** A Git child that reaches the remote with one deploy key alone. */
  async tryGitWith(key: string | undefined, args: readonly string[]): Promise<GitResult> {
    await this.#open()
    return this.#remotely((caller) => runGit(caller, args, { timeoutMs: this.options.timeoutMs }), key)
  }

  /**
   * Whether the remote really has no such ref. A web page in place of a repository looks like an empty one to Git, which
   * falls back to its old protocol of plain files: only an answer in packets counts. Throws Fault `git-unreachable` else.
   */
  async isAbsent(remoteRef: string): Promise<boolean> {
    await this.#open()
    const { timeoutMs } = this.options
    const result = await this.#remotely((caller) => {
      const tracing = { ...caller, env: { ...caller.env, GIT_TRACE_PACKET: '1' } }
      return runGit(tracing, ['ls-remote', '--quiet', 'origin', remoteRef], { timeoutMs })
    })
    if (result.code !== 0) throw gitFault('The repository cannot be read', withoutTrace(result.stderr))
    if (!/ packet: /.test(result.stderr)) throw gitFault('The repository cannot be read', 'the answer is not Git')
    return result.stdout.length === 0
  }

  /** Runs `work` when no other network operation of this mirror runs. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Fault('unavailable', 'The repository is closed.'))
    const turn = this.#tail.then(work)
    // Nobody waits for the tidying but who comes next.
    this.#tail = turn.then(() => this.#tidyNowAndThen()).catch(() => undefined)
    return turn
  }

  /**
   * `git fetch` of these refspecs, only inside `exclusively`. Mends what killed children left: stale locks, and a
   * damaged mirror by making it anew. Returns the failed result where `accepts` says the caller can use it.
   */
  async fetch(refspecs: readonly string[], accepts: (stderr: string) => boolean): Promise<GitResult> {
    this.#wasFetched ||= (await this.head()) !== undefined
    const timeoutMs = this.#wasFetched ? this.options.timeoutMs : Math.max(firstFetchMs, this.options.timeoutMs)
    const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--no-show-forced-updates']
    const args = ['fetch', ...flags, 'origin', ...refspecs]
    let result = await this.tryGit(args, timeoutMs)
    if (result.code !== 0 && isStaleLock(result.stderr)) {
      await removeStaleLocks(this.options.dir)
      result = await this.tryGit(args, timeoutMs)
    }
    if (result.code !== 0 && isCorrupt(result.stderr)) {
      await this.#rebuild(result.stderr)
      result = await this.tryGit(args, firstFetchMs)
    }
    if (result.code === 0 || accepts(result.stderr)) return result
    throw gitFault('The repository cannot be fetched', result.stderr)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#tail
    await this.#reader.close()
  }

  /** Both are asked in one go. */
  async #readTree(commit: string): Promise<Tree> {
    const reader = await this.reader()
    const [, tree] = await Promise.all([this.requireCommit(commit), this.#treeReading.read(reader, commit)])
    return tree
  }

  async #remotely<T>(run: (caller: GitCaller) => Promise<T>, key?: string): Promise<T> {
    await this.options.mayReach?.()
    const caller = await this.options.remoteCaller?.(key)
    try {
      return await run(caller ?? this.options.caller)
    } finally {
      await caller?.end()
    }
  }

  #open(): Promise<void> {
    const { dir, address, caFile } = this.options
    this.#opened ??= prepareMirrorDirectory(dir, address, caFile).catch((cause: unknown) => {
      this.#opened = undefined
      throw new Fault('unavailable', 'The directory of the Git mirror cannot be written.', { cause, retryable: true })
    })
    return this.#opened
  }

  async #rebuild(because: string): Promise<void> {
    this.options.log.warn('git mirror is damaged and made anew', { because: because.slice(0, 300) })
    await this.#reader.close()
    await rm(this.options.dir, { recursive: true, force: true })
    this.#opened = undefined
    this.#wasFetched = false
    this.#trees.clear()
    this.#reader = new ObjectReader(this.options.caller)
    await this.#open()
  }

  /** Fetches of few objects leave them loose; thousands of those slow every read down. */
  async #tidyNowAndThen(): Promise<void> {
    if (this.#operations++ % operationsPerTidy !== 0) return
    const result = await this.tryGit(['-c', 'gc.auto=4000', 'gc', '--auto', '--quiet'], firstFetchMs)
    if (result.code !== 0) this.options.log.warn('git mirror could not be packed', { because: result.stderr })
  }
}

function withoutTrace(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !line.includes(' packet: '))
    .join('\n')
}
