export { atRest, decideRelease } from './decide-release.ts'
export { decodeHelmRelease, type StoredHook, type StoredRelease } from './stored-release.ts'
export { explainHealth } from './explain-health.ts'
export { explainStuck, type StuckExplanation } from './explain-stuck.ts'
export type { ContainerStatus, PodStatus, ReleaseHealth, WorkloadStatus } from './health-types.ts'
export {
  inputsDigest,
  mergeValues,
  outcomeOptions,
  valuesDigest,
  type Values,
  type ValuesLayer,
} from './merge-values.ts'
export type { FindSource } from './read-chart-source.ts'
export { readHelmRelease, unsupportedRelease, type ReadRelease, type ReleaseContext } from './read-helm-release.ts'
export { readPodStatus, readWorkloadStatus } from './read-workload.ts'
export { readyCondition } from './ready-condition.ts'
export { isPullFailure, nextHealthReview, releaseHealth } from './release-health.ts'
export { carrierOf } from './release-history.ts'
export { helmLabels } from './types.ts'
export type {
  Automation,
  ChartSource,
  DesiredRelease,
  Generation,
  HelmRevisionMeta,
  HelmStatus,
  Mode,
  ReleaseAction,
  ReleaseSeen,
  Remediation,
  SecretName,
  ValuesSource,
} from './types.ts'
