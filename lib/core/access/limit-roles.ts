import { everywhere, roles, type Role } from './types.ts'

type Roles = Readonly<Record<string, Role>>

const lesser = (a: Role, b: Role): Role => (roles.indexOf(a) < roles.indexOf(b) ? a : b)
const greater = (a: Role | undefined, b: Role | undefined): Role | undefined =>
  a && b ? roles[Math.max(roles.indexOf(a), roles.indexOf(b))] : (a ?? b)

/**
 * What a token may: in every place the lesser of its owner's role and its own. One that is good for some environments
 * holds nothing elsewhere, and nothing of what is outside environments.
 */
export function limitRoles(own: Roles, atMost: Role, environments?: readonly string[]): Record<string, Role> {
  const held = environments ? environments.map((place) => [place, roleIn(own, place)] as const) : Object.entries(own)
  return Object.fromEntries(held.flatMap(([place, role]) => (role ? [[place, lesser(role, atMost)]] : [])))
}

function roleIn(own: Roles, place: string): Role | undefined {
  const of = (key: string) => (Object.hasOwn(own, key) ? own[key] : undefined)
  return greater(of(everywhere), of(place))
}
