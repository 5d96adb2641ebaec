export { evaluateGates, isGated, noGates, summariseGates, type GatesVerdict } from './evaluate-gates.ts'
export { describeGates, gatesInWords, type GateWords } from './describe-gates.ts'
export { describeWindow, freezeAt, type FreezeVerdict } from './freeze.ts'
export { describeCause, gateCause, type CauseVerdict, type ChangeCause, type IntendedChange } from './gate-cause.ts'
export { gatesInForce, loosens, type Loosening } from './loosens.ts'
export { samePerson } from './same-person.ts'
export { isTimeZone } from './zone-clock.ts'
export { gateNames } from './types.ts'
export type {
  Approval,
  ApprovalRule,
  CheckReport,
  ChecksSeen,
  FreezeWindow,
  GateInput,
  GateName,
  GateResult,
  Gates,
  GuardedEnvironment,
  Identity,
  Override,
  SourceHealth,
  SourceSeen,
  WeekTime,
  WhoCould,
} from './types.ts'
