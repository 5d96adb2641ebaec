export { deploymentWords, stateWords } from './deployment-words.ts'
export { nextHostTelling } from './next-host-telling.ts'
export type {
  CommitSeen,
  CommitStatusState,
  DeploymentTold,
  HostedOperation,
  HostSeen,
  HostTelling,
  ReplacedDeployment,
} from './types.ts'
