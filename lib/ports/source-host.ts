import type { GitHost, PullRequest } from './git-host.ts'

/**
 * The repository an application is built from, at its host. Throws Fault `git-unreachable`, `rate-limited` (with
 * `retryAfterMs`), `git-refused` and `not-found`.
 */
export interface SourceHost extends Pick<
  GitHost,
  'pullRequest' | 'closePullRequest' | 'mergePullRequest' | 'keepComment' | 'setStatus'
> {
  /** `owner/name`. */
  readonly name: string
  repository(): Promise<{ url: string; defaultBranch: string }>
  /** Where a branch stands; undefined = there is none. */
  branchHead(branch: string): Promise<string | undefined>
  /** The commit that a name means: its first digits, at least seven; undefined = there is none, or not one alone. */
  findCommit(name: string): Promise<string | undefined>
  /** Has a branch of ours stand at a commit, wherever it stood. */
  keepBranch(branch: string, commit: string): Promise<void>
  /** Nothing where there is none. */
  removeBranch(branch: string): Promise<void>
  /** What `head` has and `base` has not; both are commits. */
  compare(base: string, head: string): Promise<Comparison>
  /**
   * The newest pull request of these branches, whatever became of it. Other than that of `GitHost`, whose head branch is
   * for one base alone.
   */
  findMerge(branches: MergeBranches): Promise<PullRequest | undefined>
  /** Opens one, or brings title and text of the one that is open up to date. */
  keepMerge(request: MergeBranches & { title: string; text: string }): Promise<PullRequest>
  tags(): Promise<{ name: string; commit: string }[]>
  /** The commit that a tag names, also through a tag object; undefined = there is none. */
  tagCommit(name: string): Promise<string | undefined>
  /** False where there is such a tag already, whatever it names. */
  makeTag(name: string, commit: string): Promise<boolean>
}

export interface MergeBranches {
  head: string
  base: string
}

export interface Comparison {
  /** Oldest first; at most 1,000 of `count`. */
  commits: ComparedCommit[]
  count: number
  /** Files that they change, at most 300. */
  files: number
}

export interface ComparedCommit {
  sha: string
  /** Whole message. */
  message: string
  author: string
  email: string
  /** For people. */
  url: string
}
