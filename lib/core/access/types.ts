export const roles = ['viewer', 'deployer', 'approver', 'admin'] as const
export type Role = (typeof roles)[number]

/** Key in `Person.roles` for roles that hold in every environment and for everything outside environments. */
export const everywhere = '*'

/** Who asks: a person, or a token acting for one. */
export interface Person {
  /** Roles by environment; `*` = everywhere. */
  roles: Readonly<Record<string, readonly Role[]>>
  /** Permissions a token was limited to; absent = whatever the roles give. */
  only?: readonly string[]
}
