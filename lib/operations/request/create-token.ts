import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { Role } from '#lib/core/access/index.ts'
import type { TokenRecord } from '#lib/ports/store/index.ts'
import type { RequestDeps } from './run-command.ts'

const dayMs = 86_400_000

export interface TokenDeps extends RequestDeps {
  /** A fresh secret and what of it may be stored. */
  newSecret(): { secret: string; hash: string }
}

/** A token of the caller's own; its secret is in this answer and nowhere else. It never has more than the person. */
export async function createToken(
  deps: TokenDeps,
  caller: Caller,
  wanted: { name: string; role: Role; environments?: string[]; expiresInDays: number },
): Promise<{ token: TokenRecord; secret: string }> {
  ask(caller, 'tokens:write')
  const now = deps.clock.now()
  const { secret, hash } = deps.newSecret()
  const token: TokenRecord = {
    id: deps.newId('tok'),
    name: wanted.name,
    person: caller.id,
    role: wanted.role,
    environments: wanted.environments,
    createdAt: now,
    expiresAt: now + wanted.expiresInDays * dayMs,
  }
  await deps.store.transaction(async (store) => {
    await store.saveToken(token, hash)
    const { name, role, environments, expiresAt } = token
    const data = { name, role, ...(environments && { environments }), expiresAt }
    await store.record([{ at: now, kind: 'token.created', actor: caller.email, subject: token.id, data }])
  })
  return { token, secret }
}
