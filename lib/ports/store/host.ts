import type {
  CommitSeen,
  CommitStatusState,
  DeploymentTold,
  HostedOperation,
  HostSeen,
} from '../../core/deployment/index.ts'

/** What the host of the repository was told of an operation. */
export interface HostDeploymentRecord extends Pick<
  HostedOperation,
  'operation' | 'release' | 'environment' | 'commit'
> {
  /** As the host calls it; absent = it was asked for one and has not answered. */
  deployment?: string
  told?: DeploymentTold
  /** When it was last told. */
  at: number
}

export interface HostStatusRecord extends Pick<CommitSeen, 'commit' | 'environment'> {
  state: CommitStatusState
  /** What happened until then is told. */
  at: number
}

export interface HostStore {
  /** What the host does not know yet of operations begun at `since` or later; at most 50 of each kind. */
  untoldToHost(since: number): Promise<HostSeen>
  /** The newest of a release that the host shows as active. */
  activeHostDeployment(release: string): Promise<{ commit: string; deployment: string } | undefined>
  /** Creates or replaces. */
  saveHostDeployment(record: HostDeploymentRecord): Promise<void>
  /** Creates or replaces. */
  saveHostStatus(record: HostStatusRecord): Promise<void>
}
