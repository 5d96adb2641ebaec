import { Fault } from '#lib/core/fault/index.ts'
import type { PersonRecord } from '#lib/ports/store/index.ts'
import type { TokenDeps } from './create-token.ts'

export interface SessionDeps extends TokenDeps {
  hashSecret(secret: string): string
}

/** Exchanges a one-time link for a session of `lifeMs`; the secret goes into the cookie and nowhere else. */
export async function createSession(
  deps: SessionDeps,
  link: string,
  lifeMs: number,
): Promise<{ person: PersonRecord; secret: string }> {
  const now = deps.clock.now()
  const person = await deps.store.useSignInLink(deps.hashSecret(link), now)
  if (!person) {
    throw new Fault('unauthenticated', 'This sign-in link was used already, or it is too old.', {
      suggestion: 'Every start writes new links to the log; or ask an administrator.',
    })
  }
  const { secret, hash } = deps.newSecret()
  await deps.store.transaction(async (store) => {
    await store.saveSession(hash, person.id, now + lifeMs)
    await store.record([{ at: now, kind: 'session.created', actor: person.email, subject: person.id, data: {} }])
  })
  return { person, secret }
}
