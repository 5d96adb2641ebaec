import type { PersonRecord, Store } from '#lib/ports/store/index.ts'
import type { Caller } from './caller.ts'

type Me = Pick<PersonRecord, 'id' | 'email' | 'name' | 'roles'> & Pick<Caller, 'via'> & { hasPassword: boolean }

/** Who asks, with the roles that count for this call (a token's are the lesser of its own and the person's). */
export async function getMe(deps: { store: Pick<Store, 'passwordOf'> }, caller: Caller): Promise<Me> {
  const { id, email, name, roles, via } = caller
  return { id, email, name, roles, via, hasPassword: (await deps.store.passwordOf(id)) !== undefined }
}
