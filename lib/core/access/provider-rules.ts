import { roles, type Role } from './types.ts'

/** Who may come in by a provider, and with which roles. */
export interface ProviderRules {
  /** Where the provider's claims hold groups; a dot goes one level down. */
  groupsClaim: string
  mapping: { group: string; environment: string; role: Role }[]
  /** Of whoever is in no group of the mapping; empty = they see nothing. */
  defaultRoles: Record<string, Role>
  /** Domains of e-mail; empty = any. */
  domains: string[]
  /** One of these groups is needed; empty = none. */
  groups: string[]
  /** People nobody invited come in too. */
  createUnknown: boolean
}

/** The greatest role in each environment of all the groups; names of groups are compared exactly. */
export function rolesOfGroups(rules: ProviderRules, groups: readonly string[]): Record<string, Role> {
  const held = new Map<string, Role>()
  for (const { group, environment, role } of rules.mapping) {
    if (!groups.includes(group)) continue
    const before = held.get(environment)
    if (before === undefined || roles.indexOf(role) > roles.indexOf(before)) held.set(environment, role)
  }
  return held.size > 0 ? Object.fromEntries(held) : { ...rules.defaultRoles }
}

/** Whether the provider's word is enough for this person. */
export function mayComeIn(
  rules: ProviderRules,
  { email, groups }: { email: string; groups: readonly string[] },
): boolean {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  const ofDomain = rules.domains.length === 0 || rules.domains.some((one) => one.toLowerCase() === domain)
  return ofDomain && (rules.groups.length === 0 || rules.groups.some((group) => groups.includes(group)))
}

const mostGroups = 500
const longestGroup = 200

/** Groups in a provider's claims: a list of texts, or one text. Anything else is no group. */
export function groupsIn(claims: Readonly<Record<string, unknown>>, claim: string): string[] {
  const found = claim === '' ? undefined : (own(claims, claim) ?? claim.split('.').reduce<unknown>(own, claims))
  const list: readonly unknown[] = Array.isArray(found) ? found : [found]
  const groups = list.filter(
    (one): one is string => typeof one === 'string' && one !== '' && one.length <= longestGroup,
  )
  return [...new Set(groups)].slice(0, mostGroups)
}

function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key]
}
