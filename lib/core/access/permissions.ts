import type { Role } from './types.ts'

interface Grant {
  /** `environment`: asked with the environment of the resource. `global`: only roles held everywhere count. */
  scope: 'environment' | 'global'
  roles: readonly Role[]
}

const everyone: readonly Role[] = ['viewer', 'deployer', 'approver', 'admin']
const deployers: readonly Role[] = ['deployer', 'admin']
const approvers: readonly Role[] = ['approver', 'admin']
const admins: readonly Role[] = ['admin']

/**
 * Every permission and the roles that have it. An approver does not deploy and a deployer does not approve
 * (separation of duties); whoever holds both roles still cannot approve what they asked for, which promotion checks.
 */
const grants = {
  'releases:read': { scope: 'environment', roles: everyone },
  'releases:write': { scope: 'environment', roles: deployers },
  'releases:rollback': { scope: 'environment', roles: ['deployer', 'approver', 'admin'] },
  'policies:write': { scope: 'environment', roles: deployers },
  'holds:write': { scope: 'environment', roles: ['deployer', 'approver', 'admin'] },
  'promotions:read': { scope: 'environment', roles: everyone },
  'promotions:write': { scope: 'environment', roles: deployers },
  'promotions:approve': { scope: 'environment', roles: approvers },
  'freezes:override': { scope: 'environment', roles: approvers },
  'deletions:consent': { scope: 'environment', roles: approvers },
  'adoptions:write': { scope: 'environment', roles: approvers },
  'drift:repair': { scope: 'environment', roles: deployers },
  'environments:act': { scope: 'environment', roles: admins },
  'stop:write': { scope: 'environment', roles: ['deployer', 'approver', 'admin'] },
  'objects:read': { scope: 'environment', roles: everyone },
  'logs:read': { scope: 'environment', roles: everyone },
  'secrets:seal': { scope: 'environment', roles: deployers },
  'secrets:backup': { scope: 'global', roles: admins },
  'alerts:read': { scope: 'global', roles: everyone },
  'alerts:write': { scope: 'global', roles: ['deployer', 'approver', 'admin'] },
  'audit:read': { scope: 'global', roles: everyone },
  'policies:simulate': { scope: 'global', roles: everyone },
  'sync:write': { scope: 'global', roles: deployers },
  'webhooks:read': { scope: 'global', roles: admins },
  'webhooks:write': { scope: 'global', roles: admins },
  'settings:read': { scope: 'global', roles: admins },
  'settings:write': { scope: 'global', roles: admins },
  'people:read': { scope: 'global', roles: admins },
  'people:write': { scope: 'global', roles: admins },
  'tokens:write': { scope: 'global', roles: admins },
} as const satisfies Record<string, Grant>

export type Permission = keyof typeof grants

export const permissions = Object.keys(grants) as Permission[]

/** Nothing for a name that is no permission, so that what is unknown is denied. */
export function grantOf(permission: string): Grant | undefined {
  return Object.hasOwn(grants, permission) ? grants[permission as Permission] : undefined
}
