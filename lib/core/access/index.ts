export { allows, allowsSomewhere, whoCould } from './allows.ts'
export { permissions, type Permission } from './permissions.ts'
export { everywhere, roles, type Person, type Role } from './types.ts'
