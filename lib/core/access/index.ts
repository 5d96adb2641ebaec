export { allows, allowsSomewhere, whoCould } from './allows.ts'
export { keepsAnAdmin } from './last-admin.ts'
export { limitRoles } from './limit-roles.ts'
export { passwordLength, passwordProblem } from './password.ts'
export type { Permission } from './permissions.ts'
export { sessionLife } from './session-life.ts'
export {
  accountLimits,
  addressLimits,
  oneFailureLess,
  oneMoreFailure,
  waitMs,
  type ThrottleLimits,
} from './throttle.ts'
export { roles, type Person, type Role } from './types.ts'
