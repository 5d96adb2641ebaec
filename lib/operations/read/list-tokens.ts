import type { Store, TokenRecord } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

export async function listTokens(
  deps: { store: Pick<Store, 'listTokens'> },
  caller: Caller,
): Promise<{ items: TokenRecord[] }> {
  ask(caller, 'tokens:write')
  return { items: await deps.store.listTokens() }
}
