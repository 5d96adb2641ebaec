export const roles = ['viewer', 'deployer', 'approver', 'admin'] as const
export type Role = (typeof roles)[number]

/** Key in `Person.roles` for the role that holds in every environment and for everything outside environments. */
export const everywhere = '*'

/** Who asks: a person, or a token acting for one. Each role includes those before it in `roles`. */
export interface Person {
  /** Role by environment; `*` = everywhere. */
  roles: Readonly<Record<string, Role>>
  /** A token's own role: it can never do more, whatever its owner may; absent = not a token. */
  atMost?: Role
}
