import { json } from './respond.ts'
import type { RawGiven } from './route.ts'
import { cookieName, readCookie, sessionCookie } from './session-cookie.ts'

/** Ends the session, if there is one. */
export async function signOut({ deps, request }: RawGiven): Promise<Response> {
  const secret = readCookie(request, cookieName(deps))
  if (secret) await deps.store.removeSession(deps.hashSecret(secret))
  return json({ ended: true }, 200, { 'set-cookie': sessionCookie(deps, '') })
}
