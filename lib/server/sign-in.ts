import { createSession as endpoint } from '#lib/api/session.ts'
import { createSession } from '#lib/operations/request/create-session.ts'
import { parseInput } from './parse-input.ts'
import { json } from './respond.ts'
import type { RawGiven } from './route.ts'
import { sessionCookie, sessionMs } from './session-cookie.ts'

export async function signIn({ deps, request, params }: RawGiven): Promise<Response> {
  const { body } = await parseInput(endpoint, request, params)
  const { person, secret } = await createSession(deps, body.link, sessionMs)
  return json({ email: person.email, name: person.name }, 200, { 'set-cookie': sessionCookie(deps, secret) })
}
