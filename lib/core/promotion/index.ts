export { carryChart, type CarriedChart, type ChartAt, type ChartNaming } from './carry-chart.ts'
export { chooseWay } from './choose-way.ts'
export {
  decideMerge,
  toldKey,
  type AwaitedSeen,
  type MergeSeen,
  type PullSeen,
  type SourceTagSeen,
} from './decide-merge.ts'
export { decidePromotion, promotionGates } from './decide-promotion.ts'
export { judgeImages, type ImagesVerdict } from './judge-images.ts'
export { matchesPolicy, nameTag, tagNameProblem, type NamedTag, type TagNaming } from './name-tag.ts'
export { pinChart, type ChartPin, type ChartThen } from './pin-chart.ts'
export { planRollback, type PlannedRollback, type RollbackInput } from './plan-rollback.ts'
export { readSource } from './read-source.ts'
export { recordStep } from './record-step.ts'
export { promotionBringing, reservedContainers, type Reserving } from './reservation.ts'
export { seeSource, type Brought, type SourceRevision } from './see-source.ts'
export { branchesOf } from './source-branch.ts'
export {
  buildPatienceMs,
  isAtSource,
  isLate,
  reservesForMerge,
  shortCommit,
  type AwaitedImage,
  type BranchAt,
  type MergedAt,
  type SourceCommit,
  type SourceMerge,
} from './source-merge.ts'
export { commitNamedBy, isBuiltFrom, tagOfCommit } from './tag-of-commit.ts'
export { promotionRefused, waitsAsPromotion } from './stopped-at-gates.ts'
export { hasEnded, promotionStates } from './types.ts'
export type {
  CommitSeen,
  DeploySeen,
  EndState,
  HealthSeen,
  ImageSeen,
  MergeStep,
  PlanSeen,
  PromotedImage,
  PromotionAction,
  PromotionCarrier,
  PromotionSeen,
  PromotionState,
  PromotionStep,
  QueuedPromotion,
  RollbackSeen,
  Told,
} from './types.ts'
