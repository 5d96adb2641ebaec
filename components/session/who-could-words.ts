import { whoCould } from '#lib/core/access/index.ts'
import type { Permission } from '#lib/api/endpoint.ts'

/** `It takes the role deployer, approver or admin in prod.` */
export function whoCouldWords(permission: Permission, environment?: string): string {
  const roles = whoCould(permission)
  const last = roles.at(-1) ?? 'admin'
  const names = roles.length > 1 ? `${roles.slice(0, -1).join(', ')} or ${last}` : last
  return `It takes the role ${names}${environment ? ` in ${environment}` : ''}.`
}
