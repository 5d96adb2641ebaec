/** The Git repository that holds desired state, through a local bare mirror. Throws Fault `git-unreachable`, `git-refused`. */
export interface ConfigRepository {
  /** Brings the branch into the mirror. `undefined` = the branch does not exist (empty repository). */
  fetch(): Promise<RepositoryHead | undefined>
  /** The head in the mirror, without asking the remote. */
  head(): Promise<RepositoryHead | undefined>
  /** All files of a commit below `under` (default: all), symlinks and submodules left out. */
  listFiles(commit: string, under?: readonly string[]): Promise<TreeFile[]>
  /** Git object id of the directory `path` at `commit`; undefined where there is none. */
  treeId(commit: string, path: string): Promise<string | undefined>
  /** Text of blobs by id. A blob over `maxBytes` (default 5 MiB) or not UTF-8 comes as `{ tooLarge }` / `{ binary }`. */
  readBlobs(ids: readonly string[]): Promise<Map<string, BlobContent>>
  /** Resolves a branch, tag or commit id to a commit of the mirror, fetching it if it is not there. */
  resolve(ref: string): Promise<string | undefined>
  commitInfo(commit: string): Promise<CommitInfo>
  /** Commits reachable from `until` and not from `since`, newest first, at most `limit`. */
  log(since: string | undefined, until: string, limit: number): Promise<CommitInfo[]>
  isAncestor(ancestor: string, descendant: string): Promise<boolean>
  /** Paths that differ between two commits. */
  changedPaths(from: string, to: string): Promise<string[]>
  /**
   * Writes the directory `path` of `commit` below `targetDir`. Refuses (Fault `invalid`) a path or symlink that leaves
   * the repository; symlinks inside are followed to regular files.
   */
  exportDirectory(commit: string, path: string, targetDir: string): Promise<void>
  /** Makes one commit on `parent` and pushes it with compare-and-swap; nothing stays behind when it is refused. */
  commit(request: CommitRequest): Promise<CommitResult>
  /**
   * Makes one commit on `parent` and puts another branch there by compare-and-swap; `after` = where that branch stands,
   * undefined = it is to be made. `moved` = it stands elsewhere.
   */
  propose(request: CommitRequest & { branch: string; after: string | undefined }): Promise<CommitResult>
  /** Where another branch stands at the remote now; undefined = there is none. */
  readBranch(branch: string): Promise<string | undefined>
  /** Removes another branch if it still stands at `at`; else it stays. */
  removeBranch(branch: string, at: string): Promise<void>
  /**
   * Does `work` while nobody else talks to the remote: between a fetch and the commit made on what it brought, nothing takes
   * time that is not needed for it. Only what `work` is given may be used in it.
   */
  inTurn<T>(work: (own: Pick<ConfigRepository, 'fetch' | 'commit'>) => Promise<T>): Promise<T>
  /** The file `name` at the tip of a ref outside the branches, as the remote has it now; undefined = there is no such ref. */
  readAnchor(ref: string, name: string): Promise<Anchor | undefined>
  /** Puts a commit with that file alone on top of `after`, and pushes the ref by compare-and-swap. */
  pushAnchor(request: AnchorRequest): Promise<CommitResult>
  /** What the remote lets us do. Throws Fault `git-unreachable` where it does not answer. */
  tryAccess(trial: AccessTrial): Promise<Access>
  /** By operation, the commit that carries `Wheelhouse-Op: <operation>` among the newest `limit` of the branch. */
  findOperations(operations: readonly string[], limit: number): Promise<Map<string, string>>
}

export interface RepositoryHead {
  commit: string
  /** The remote branch no longer contains the head we knew. */
  forced: boolean
}

export interface TreeFile {
  path: string
  blob: string
  /** Bytes. */
  size: number
  mode: '100644' | '100755'
}

export type BlobContent = { kind: 'text'; text: string } | { kind: 'too-large'; bytes: number } | { kind: 'binary' }

export interface CommitInfo {
  id: string
  parents: string[]
  authorName: string
  authorEmail: string
  /** Milliseconds since the epoch. */
  authoredAt: number
  committedAt: number
  subject: string
  /** Whole message. */
  message: string
  trailers: { key: string; value: string }[]
}

export interface CommitRequest {
  parent: string
  files: { path: string; text: string }[]
  message: string
  author: { name: string; email: string }
}

export type CommitResult =
  | { kind: 'committed'; commit: string }
  /** Someone else was faster; fetch, decide again. */
  | { kind: 'moved' }
  /** The branch is protected: it takes changes by pull request alone. */
  | { kind: 'protected'; reason: string }
  /** The branch takes no push (hook, permission, credentials). */
  | { kind: 'refused'; reason: string }

export interface Anchor {
  commit: string
  /** Empty where the commit holds no such file. */
  text: string
}

export interface AnchorRequest {
  /** Below `refs/`, outside `refs/heads` and `refs/tags`. */
  ref: string
  name: string
  text: string
  message: string
  /** Commit the ref stands at; undefined = it is to be made. */
  after: string | undefined
}

export interface AccessTrial {
  /** A ref outside the branches is pushed and removed again; else a push is asked for, and nothing written. */
  write: boolean
  /** With the deploy key of this id alone. Default: as everything else is done. */
  key?: string
}

export type Access =
  | { kind: 'write' }
  /** `reason`: the host's words on a push. */
  | { kind: 'read'; reason: string }
  | { kind: 'none'; reason: string }
