import type { MergeStep, PromotedImage } from './types.ts'

/** All times are milliseconds since the epoch. */

/** A promotion by merging branches of an application's source repository, as far as it has come; kept with it. */
export interface SourceMerge {
  /** `owner/name`. */
  repository: string
  /** For people. */
  url: string
  head: BranchAt
  base: BranchAt
  /** The head is the very commit that runs on the left, and stays it; absent = not known: the branch as it stands. */
  ran?: true
  /** Commits that the branch had beyond it when this was planned, and that stay behind. */
  newer?: number
  /** A branch of ours at that commit, once the branch itself has moved on. */
  pin?: string
  /** What the head has and the base has not, newest first; the newest of `count`. */
  commits: SourceCommit[]
  count: number
  /** Whoever wrote any of them. */
  authors: { name: string; email: string }[]
  /** Files that they change; the host lists at most 300. */
  files: number
  /** What runs in the environment it comes from, by container of the target: health and soak time are about these. */
  from: PromotedImage[]
  /** Images that the build system is to push for the merge commit. */
  awaits: AwaitedImage[]
  /** Tag on the merge commit, which starts the build; absent = the branch alone does. */
  tag?: string
  pull?: { number: number; url: string }
  merged?: MergedAt
  /** What was last told at the pull request, so that it is told once. */
  told?: string
  /** What the host last refused, in its words. */
  refusal?: { step: MergeStep['kind']; reason: string; at: number }
  /** The images are there: what they change is the plan now. */
  brought?: true
}

export interface BranchAt {
  branch: string
  commit: string
}

export interface SourceCommit {
  sha: string
  /** First line of its message. */
  subject: string
  author: string
  url: string
}

export interface MergedAt {
  commit: string
  at: number
  /** Account at the host, where somebody did it there. */
  by?: string
  /** The base had everything before this promotion was planned. */
  earlier?: true
}

export interface AwaitedImage {
  container: string
  /** Canonical `host/path`. */
  repository: string
  /** The filter of the target, as written. */
  filter: string
  /** The very tag, where a version was chosen; else any of the filter that was built from the merge commit. */
  version?: string
}

/** Milliseconds that the build system may take before its silence is worth a word. */
export const buildPatienceMs = 30 * 60_000

/** Whether it is still about the source, and not yet about an image. */
export function isAtSource(merge: SourceMerge | undefined): merge is SourceMerge {
  return merge !== undefined && merge.brought === undefined
}

/**
 * Whether automation leaves its containers alone: from the merge until its image is written, but neither for a build that
 * does not come nor while its gates are shut, which something newer may pass by.
 */
export function reservesForMerge(merge: SourceMerge | undefined, state: string, now: number): boolean {
  if (!merge?.merged) return false
  if (isAtSource(merge)) return !isLate(merge, now)
  return state === 'planned' || state === 'approved'
}

export function isLate({ merged }: Pick<SourceMerge, 'merged'>, now: number): boolean {
  return merged !== undefined && now - merged.at >= buildPatienceMs
}

/** Short enough to read, long enough to find. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 8)
}
