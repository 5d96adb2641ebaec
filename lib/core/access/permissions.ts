import type { Role } from './types.ts'

interface Grant {
  /** `environment`: asked with the environment of the resource. `global`: only a role held everywhere counts. */
  scope: 'environment' | 'global'
  /** The least role that has it. */
  from: Role
}

/**
 * Every permission and the least role that has it. An approver may also deploy; that nobody approves what they asked for
 * themselves is checked by the promotion.
 */
const grants = {
  'releases:read': { scope: 'environment', from: 'viewer' },
  'releases:write': { scope: 'environment', from: 'deployer' },
  'releases:rollback': { scope: 'environment', from: 'deployer' },
  'policies:write': { scope: 'environment', from: 'deployer' },
  'holds:write': { scope: 'environment', from: 'deployer' },
  'promotions:read': { scope: 'environment', from: 'viewer' },
  'promotions:write': { scope: 'environment', from: 'deployer' },
  'promotions:check': { scope: 'environment', from: 'approver' },
  'promotions:approve': { scope: 'environment', from: 'approver' },
  'freezes:override': { scope: 'environment', from: 'approver' },
  'deletions:consent': { scope: 'environment', from: 'approver' },
  'adoptions:write': { scope: 'environment', from: 'approver' },
  'drift:repair': { scope: 'environment', from: 'deployer' },
  'environments:act': { scope: 'environment', from: 'admin' },
  'stop:write': { scope: 'environment', from: 'deployer' },
  'objects:read': { scope: 'environment', from: 'viewer' },
  'logs:read': { scope: 'environment', from: 'viewer' },
  'secrets:seal': { scope: 'environment', from: 'deployer' },
  'secrets:backup': { scope: 'global', from: 'admin' },
  'alerts:read': { scope: 'global', from: 'viewer' },
  'alerts:write': { scope: 'global', from: 'deployer' },
  'audit:read': { scope: 'global', from: 'viewer' },
  'policies:simulate': { scope: 'global', from: 'viewer' },
  'sync:write': { scope: 'global', from: 'deployer' },
  'webhooks:read': { scope: 'global', from: 'admin' },
  'webhooks:write': { scope: 'global', from: 'admin' },
  'settings:read': { scope: 'global', from: 'admin' },
  'settings:write': { scope: 'global', from: 'admin' },
  'people:read': { scope: 'global', from: 'admin' },
  'people:write': { scope: 'global', from: 'admin' },
  'tokens:write': { scope: 'global', from: 'admin' },
} as const satisfies Record<string, Grant>

export type Permission = keyof typeof grants

export const permissions = Object.keys(grants) as Permission[]

/** Nothing for a name that is no permission, so that what is unknown is denied. */
export function grantOf(permission: string): Grant | undefined {
  return Object.hasOwn(grants, permission) ? grants[permission as Permission] : undefined
}
