import type { Store, TokenRecord } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

export interface ShownToken extends TokenRecord {
  /** E-mail. */
  owner: string | undefined
}

export async function listTokens(
  deps: { store: Pick<Store, 'listTokens' | 'listPeople'> },
  caller: Caller,
): Promise<{ items: ShownToken[] }> {
  ask(caller, 'tokens:write')
  const [tokens, people] = await Promise.all([deps.store.listTokens(), deps.store.listPeople()])
  const emailOf = new Map(people.map(({ id, email }) => [id, email]))
  return { items: tokens.map((token) => ({ ...token, owner: emailOf.get(token.person) })) }
}
