import { Fault } from '#lib/core/fault/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { RequestDeps } from './run-command.ts'

/** Ends a token at once; one that is already revoked stays so. Throws `not-found`. */
export async function revokeToken(deps: RequestDeps, caller: Caller, id: string): Promise<{ revoked: true }> {
  ask(caller, 'tokens:write')
  const token = (await deps.store.listTokens()).find((candidate) => candidate.id === id)
  if (!token) throw new Fault('not-found', 'There is no token with this id.')
  if (token.revokedAt !== undefined) return { revoked: true }
  const now = deps.clock.now()
  await deps.store.transaction(async (store) => {
    await store.revokeToken(id, now)
    const entry = { at: now, kind: 'token.revoked', actor: caller.email, subject: id, data: { name: token.name } }
    await store.record([entry])
  })
  return { revoked: true }
}
