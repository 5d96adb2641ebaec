import type { z } from 'zod'
import type { Permission } from '#lib/api/endpoint.ts'
import type { Me } from '#lib/api/people.ts'
import type { Role } from '#lib/api/shared.ts'

type RoleName = z.infer<typeof Role>
type Asked = Extract<Permission, 'view' | 'deploy' | 'approve' | 'administer'>

const granting: Record<Asked, readonly RoleName[]> = {
  view: ['viewer', 'deployer', 'approver', 'admin'],
  deploy: ['deployer', 'admin'],
  approve: ['approver', 'admin'],
  administer: ['admin'],
}

/** Whether a page offers it; the server decides for itself. `environment` undefined = everywhere (`*`). */
export function may(me: Pick<Me, 'roles'>, asked: Asked, environment?: string): boolean {
  const role = (environment && me.roles[environment]) || me.roles['*']
  const own = [role, me.roles['*']].filter((held) => held !== undefined)
  return own.some((held) => granting[asked].includes(held))
}

/** `It takes the role deployer or admin in prod.` */
export function whoCould(asked: Asked, environment?: string): string {
  const roles = granting[asked].join(' or ')
  return `It takes the role ${roles}${environment ? ` in ${environment}` : ''}.`
}
