/** All times are milliseconds since the epoch. */

/** What the host of a repository was told of a deployment. `refused` = it takes nothing about it; a person was told. */
export type DeploymentTold = 'in_progress' | 'success' | 'failure' | 'inactive' | 'refused'

/** An operation that helm carries out or carried out, and what the host knows of it. */
export interface HostedOperation {
  operation: string
  release: string
  /** Of the release, for people. */
  name: string
  environment: string
  /** The commit whose content it deploys. */
  commit: string
  state: 'running' | 'succeeded' | 'failed' | 'superseded'
  /** Helm's, once there is one. */
  revision?: number
  /** Why it was decided. */
  reason: string
  /** The host was asked to make a deployment for it. */
  asked: boolean
  /** As the host calls it; absent = it has not answered yet. */
  deployment?: string
  told?: DeploymentTold
}

/** A deployment that the host shows as active, though it is no longer what runs. */
export interface ReplacedDeployment {
  operation: string
  release: string
  environment: string
  commit: string
  deployment: string
}

/** How many operations of one commit stand how in one environment. */
export interface CommitSeen {
  commit: string
  environment: string
  running: number
  succeeded: number
  failed: number
  superseded: number
  /** When the last of them ended; absent = none has. */
  endedAt?: number
  /** What the commit's status says; absent = it has none of ours. */
  told?: CommitStatusState
}

export type CommitStatusState = 'pending' | 'success' | 'failure' | 'error'

/** Everything that the host may have to be told. */
export interface HostSeen {
  /** Of commits about whose operations something is new. */
  commits: readonly CommitSeen[]
  /** Whose state the host does not know yet, oldest first. */
  operations: readonly HostedOperation[]
  replaced: readonly ReplacedDeployment[]
}

/** The one thing to tell next; each is one call. */
export type HostTelling =
  | {
      kind: 'status'
      of: Pick<CommitSeen, 'commit' | 'environment'>
      state: CommitStatusState
      /** A sentence. */
      words: string
    }
  | { kind: 'announce'; of: HostedOperation }
  | {
      kind: 'state'
      of: HostedOperation
      deployment: string
      state: 'in_progress' | 'success' | 'failure' | 'inactive'
    }
  | { kind: 'retire'; of: ReplacedDeployment }
  /** `until` = when the clock alone makes something due; absent = nothing is. */
  | { kind: 'nothing'; until?: number }
