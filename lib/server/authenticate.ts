import { limitRoles, sessionLife } from '#lib/core/access/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Caller } from '#lib/operations/read/caller.ts'
import { cookieName, readCookie } from './session-cookie.ts'
import type { WebDeps } from './web-deps.ts'

type Deps = Pick<WebDeps, 'store' | 'clock' | 'hashSecret' | 'webUrl'>

/** Who sent the request: by bearer token, else by session cookie. Throws `unauthenticated`. */
export async function authenticate(deps: Deps, request: Request): Promise<Caller> {
  // A header that is there must be good: a bad token is not excused by a good cookie.
  const withToken = request.headers.has('authorization')
  const caller = withToken
    ? await byToken(deps, bearerOf(request))
    : await bySession(deps, readCookie(request, cookieName(deps)))
  if (caller) return caller
  throw new Fault('unauthenticated', withToken ? 'This token is not valid (any more).' : 'You are not signed in.', {
    suggestion: 'Sign in, or send an API token: `Authorization: Bearer …`.',
  })
}

export function bearerOf(request: Request): string | undefined {
  return /^Bearer ([\x21-\x7e]{8,400})$/i.exec(request.headers.get('authorization') ?? '')?.[1]
}

async function byToken(deps: Deps, secret: string | undefined): Promise<Caller | undefined> {
  if (!secret) return undefined
  const token = await deps.store.findToken(deps.hashSecret(secret), deps.clock.now())
  const person = token && (await deps.store.getPerson(token.person))
  if (!token || !person || person.disabledAt !== undefined) return undefined
  const { id, email, name } = person
  // What is left of the roles also travels with commands to the worker.
  return { id, email, name, via: 'token', roles: limitRoles(person.roles, token.role, token.environments) }
}

/** The person of a session secret; undefined = no session. */
async function bySession(deps: Deps, secret: string | undefined): Promise<Caller | undefined> {
  if (!secret) return undefined
  const found = await deps.store.findSession(deps.hashSecret(secret), deps.clock.now(), sessionLife.idleMs)
  if (!found) return undefined
  const { id, email, name, roles } = found.person
  return { id, email, name, roles, via: 'session', session: found.session }
}
