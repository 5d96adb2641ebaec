import { grantOf, type Permission } from './permissions.ts'
import { everywhere, roles, type Person, type Role } from './types.ts'

/** 0 for what is no role. */
const rankOf = (role: Role | undefined): number => (role === undefined ? 0 : roles.indexOf(role) + 1)

const rankIn = (person: Person, place: string): number =>
  Object.hasOwn(person.roles, place) ? rankOf(person.roles[place]) : 0

/**
 * Denies whatever is not granted. A permission scoped to environments asked without one is granted only by a
 * role held everywhere; a global one never by a role held in some environment.
 */
export function allows(person: Person, permission: Permission, environment?: string): boolean {
  const grant = grantOf(permission)
  if (grant === undefined) return false
  const local = grant.scope === 'environment' && environment !== undefined ? rankIn(person, environment) : 0
  const held = Math.max(rankIn(person, everywhere), local)
  const limit = person.atMost === undefined ? roles.length : rankOf(person.atMost)
  return Math.min(held, limit) >= rankOf(grant.from)
}

/** Whether some environment would grant it: for menus and for lists that are filtered row by row afterwards. */
export function allowsSomewhere(person: Person, permission: Permission): boolean {
  return Object.keys(person.roles).some((place) => allows(person, permission, place))
}

/** Roles that have the permission, least first, for "ask an approver of prod". */
export function whoCould(permission: Permission): readonly Role[] {
  const grant = grantOf(permission)
  return grant === undefined ? [] : roles.slice(roles.indexOf(grant.from))
}
