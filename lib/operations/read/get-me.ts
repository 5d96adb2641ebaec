import type { PersonRecord } from '#lib/ports/store/index.ts'
import type { Caller } from './caller.ts'

/** Who asks, with the roles that count for this call (a token's are the lesser of its own and the person's). */
export function getMe(caller: Caller): Pick<PersonRecord, 'id' | 'email' | 'name' | 'roles'> & Pick<Caller, 'via'> {
  const { id, email, name, roles, via } = caller
  return { id, email, name, roles, via }
}
