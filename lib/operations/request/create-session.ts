import { Fault } from '#lib/core/fault/index.ts'
import { openSession, type Client, type OpenedSession, type SignInDeps } from './open-session.ts'

/** Exchanges a one-time link for a session. Throws `unauthenticated`. */
export async function createSession(deps: SignInDeps, link: string, client: Client): Promise<OpenedSession> {
  const now = deps.clock.now()
  const person = await deps.store.useSignInLink(deps.hashSecret(link), now)
  if (!person) {
    throw new Fault('unauthenticated', 'This sign-in link was used already, or it is too old.', {
      suggestion: 'Every start writes new links to the log; or ask an administrator.',
    })
  }
  return deps.store.transaction((store) => openSession(deps, store, person, 'link', client))
}
