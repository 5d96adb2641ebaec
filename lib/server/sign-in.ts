import {
  choosePassword as choosePasswordEndpoint,
  createPasswordSession as passwordEndpoint,
  createSession as endpoint,
  getPasswordLink as passwordLinkEndpoint,
} from '#lib/api/session.ts'
import { choosePassword, getPasswordLink } from '#lib/operations/request/choose-password.ts'
import { createSession } from '#lib/operations/request/create-session.ts'
import type { OpenedSession } from '#lib/operations/request/open-session.ts'
import { openWithPassword } from '#lib/operations/request/open-with-password.ts'
import { parseInput } from './parse-input.ts'
import { clientOf } from './peer.ts'
import { json } from './respond.ts'
import type { RawGiven } from './route.ts'
import { sessionCookie } from './session-cookie.ts'

export async function signIn({ deps, request, params }: RawGiven): Promise<Response> {
  const { body } = await parseInput(endpoint, request, params)
  return signedIn(deps, await createSession(deps, body.link, clientOf(request)))
}

export async function signInWithPassword({ deps, request, params }: RawGiven): Promise<Response> {
  const { body } = await parseInput(passwordEndpoint, request, params)
  return signedIn(deps, await openWithPassword(deps, body, clientOf(request)))
}

export async function signInWithNewPassword({ deps, request, params }: RawGiven): Promise<Response> {
  const { body } = await parseInput(choosePasswordEndpoint, request, params)
  return signedIn(deps, await choosePassword(deps, body, clientOf(request)))
}

/** Tells whom a link is for, so that the page can greet them and a password manager knows the account. */
export async function showPasswordLink({ deps, request, params }: RawGiven): Promise<Response> {
  const { body } = await parseInput(passwordLinkEndpoint, request, params)
  const { email, name } = await getPasswordLink(deps, body.link)
  return json({ email, name })
}

/** The secret goes into the cookie and nowhere else. */
function signedIn(deps: RawGiven['deps'], { person, secret }: OpenedSession): Response {
  const { email, name } = person
  return json({ email, name }, 200, { 'set-cookie': sessionCookie(deps, secret) })
}
