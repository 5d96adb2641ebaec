export { allows, allowsSomewhere, whoCould } from './allows.ts'
export type { Permission } from './permissions.ts'
export { roles, type Person, type Role } from './types.ts'
