import { allows, allowsSomewhere, whoCould } from '#lib/core/access/index.ts'
import type { Permission, Person } from '#lib/core/access/index.ts'
import { Fault } from '#lib/core/fault/index.ts'

/** Who asks, after authentication. The roles travel with commands, so that the worker asks again. */
export interface Caller extends Person {
  id: string
  email: string
  name: string
  via: 'session' | 'token'
  /** Id of the session, where it is one. */
  session?: string
}

/** Throws Fault `forbidden` that says who could. Without an environment only a role held everywhere counts. */
export function ask(caller: Caller, permission: Permission, environment?: string): void {
  if (!allows(caller, permission, environment)) throw forbidden(permission, environment)
}

/** Some environment would grant it; the operation asks again with the one at hand. */
export function askSomewhere(caller: Caller, permission: Permission): void {
  if (!allowsSomewhere(caller, permission)) throw forbidden(permission)
}

function forbidden(permission: Permission, environment?: string): Fault {
  const place = environment === undefined ? '' : ` of ${environment}`
  return new Fault(
    'forbidden',
    `You may not do this${environment === undefined ? '' : ` in ${environment}`} (${permission}).`,
    {
      suggestion: `Ask ${whoCould(permission).join(' or ')}${place}.`,
    },
  )
}
