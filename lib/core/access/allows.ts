import { grantOf, type Permission } from './permissions.ts'
import { everywhere, type Person, type Role } from './types.ts'

function rolesIn(person: Person, place: string): readonly Role[] {
  return Object.hasOwn(person.roles, place) ? (person.roles[place] ?? []) : []
}

function limitedAway(person: Person, permission: string): boolean {
  return person.only !== undefined && !person.only.includes(permission)
}

/**
 * Denies whatever is not granted. A permission scoped to environments asked without one is granted only by
 * roles held everywhere; a global one never by a role held in some environment.
 */
export function allows(person: Person, permission: Permission, environment?: string): boolean {
  const grant = grantOf(permission)
  if (grant === undefined || limitedAway(person, permission)) return false
  const held = [...rolesIn(person, everywhere)]
  if (grant.scope === 'environment' && environment !== undefined) held.push(...rolesIn(person, environment))
  return held.some((role) => grant.roles.includes(role))
}

/** Whether some environment would grant it: for menus and for lists that are filtered row by row afterwards. */
export function allowsSomewhere(person: Person, permission: Permission): boolean {
  return Object.keys(person.roles).some((place) => allows(person, permission, place))
}

/** Roles that have the permission, for "ask an approver of prod". */
export function whoCould(permission: Permission): readonly Role[] {
  return grantOf(permission)?.roles ?? []
}
