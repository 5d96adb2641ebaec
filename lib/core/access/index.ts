export { allows, allowsSomewhere, whoCould } from './allows.ts'
export { keepsAnAdmin } from './last-admin.ts'
export { limitRoles } from './limit-roles.ts'
export { ownPath } from './own-path.ts'
export { passwordLength, passwordProblem } from './password.ts'
export type { Permission } from './permissions.ts'
export { groupsIn, mayComeIn, rolesOfGroups, type ProviderRules } from './provider-rules.ts'
export { sessionLife } from './session-life.ts'
export { signInRefusals, type SignInRefusal } from './sign-in-refusal.ts'
export {
  accountLimits,
  addressLimits,
  oneFailureLess,
  oneMoreFailure,
  waitMs,
  type ThrottleLimits,
} from './throttle.ts'
export { roles, type Person, type Role } from './types.ts'
