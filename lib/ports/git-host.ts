/**
 * What the host of a repository knows beyond Git. Throws Fault `git-unreachable`, `rate-limited` (with `retryAfterMs`),
 * `git-refused` and `not-found`.
 */
export interface GitHost {
  /** The newest pull request of a head branch, whatever became of it. */
  findPullRequest(branch: string): Promise<PullRequest | undefined>
  /** Opens one for the head branch, or brings title, text and base of the one that is open up to date. */
  keepPullRequest(request: PullRequestText): Promise<PullRequest>
  pullRequest(number: number): Promise<PullRequest>
  closePullRequest(number: number): Promise<void>
  /** Merges it, only while its head is still `head`. `moved` = it is not; `refused` = conflicts, checks, protection. */
  mergePullRequest(number: number, head: string): Promise<MergeResult>
  /** Paths that it changes. */
  changedFiles(number: number): Promise<string[]>
  /** Writes the comment of that name, or brings it up to date: it is found again by a marker nobody sees. */
  keepComment(number: number, name: string, text: string): Promise<void>
  setStatus(status: CommitStatus): Promise<void>
  /** What others say of a commit: the newest word of each. */
  commitChecks(commit: string): Promise<CommitCheck[]>
  /** Announces that a commit is about to be deployed; returns the deployment's id. */
  createDeployment(deployment: NewDeployment): Promise<string>
  /** The id of the one that was made with this key; undefined = it never arrived. */
  findDeployment(deployment: Pick<NewDeployment, 'commit' | 'environment' | 'key'>): Promise<string | undefined>
  /** Says nothing of others: what takes whose place is known here. */
  setDeploymentState(id: string, state: DeploymentState): Promise<void>
  /** Deliveries to our webhook since `since` (milliseconds since the epoch) of which no attempt was taken, oldest first. */
  missedDeliveries(hookUrl: string, since: number): Promise<MissedDelivery[]>
  /** What our credential may do there, and how much of its budget is left. */
  permissions(): Promise<HostPermissions>
  /** Has the host send it once more. */
  redeliver(delivery: MissedDelivery): Promise<void>
}

export interface PullRequestText {
  /** Head branch, of this repository. */
  branch: string
  base: string
  title: string
  /** Markdown. */
  text: string
}

export interface PullRequest extends PullRequestText {
  number: number
  /** For people. */
  url: string
  /** Commit of the head branch. */
  head: string
  state: PullRequestState
}

export type PullRequestState =
  /** `conflicts`: undefined = the host has not found out yet. */
  | { kind: 'open'; conflicts: boolean | undefined }
  /** `by`: the account that merged it, where the host tells. */
  | { kind: 'merged'; commit: string; by: string | undefined }
  | { kind: 'closed' }

export type MergeResult = { kind: 'merged'; commit: string } | { kind: 'moved' } | { kind: 'refused'; reason: string }

export interface CommitStatus {
  commit: string
  /** Which check it is: `wheelhouse/gates`. */
  name: string
  state: 'pending' | 'success' | 'failure' | 'error'
  /** One line; more than the host takes is cut. */
  description: string
  url?: string
}

/** A status of a commit, or a run of a check: both are what people call a check. */
export interface CommitCheck {
  name: string
  state: 'pending' | 'success' | 'failure'
  /** One line; empty = it says nothing. */
  description: string
  /** Where it is looked at; absent where it is none of HTTP. */
  url?: string
}

export interface NewDeployment {
  commit: string
  environment: string
  description: string
  /** By which it is found again. */
  key: string
}

export interface DeploymentState {
  state: 'queued' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive'
  description: string
  /** Where people see how it went. */
  url?: string
}

export interface MissedDelivery {
  /** Of the attempt; what is asked for again. */
  id: string
  /** The same for every attempt of one delivery: the receiver remembers it. */
  delivery: string
  event: string
  /** Milliseconds since the epoch. */
  at: number
  hook: string
}

export interface HostPermissions {
  /** In the host's words, such as `pull_requests: write`. Empty = nothing is missing. */
  missing: string[]
  /** Calls of the hour that ends at `resetAt` (milliseconds since the epoch); undefined = there is no limit. */
  budget: { limit: number; left: number; resetAt: number } | undefined
}
