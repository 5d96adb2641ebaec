export { holdChanges, liftChanges, refuseChanges, refusedAmong, type RefusedTag } from './hold-changes.ts'
export { judgeHolds, stoppedByHold, type HoldsSeen } from './judge-holds.ts'
export type { HeldAction, HoldEntry, HoldVerdict } from './types.ts'
