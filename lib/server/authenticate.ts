import { roles } from '#lib/core/access/index.ts'
import type { Role } from '#lib/core/access/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { PersonRecord, TokenRecord } from '#lib/ports/store/index.ts'
import type { Caller } from '#lib/operations/read/caller.ts'
import { cookieName, readCookie } from './session-cookie.ts'
import type { WebDeps } from './web-deps.ts'

type Deps = Pick<WebDeps, 'store' | 'clock' | 'hashSecret' | 'webUrl'>

/** Who sent the request: by bearer token, else by session cookie. Throws `unauthenticated`. */
export async function authenticate(deps: Deps, request: Request): Promise<Caller> {
  const bearer = bearerOf(request)
  const caller = bearer ? await byToken(deps, bearer) : await bySession(deps, readCookie(request, cookieName(deps)))
  if (caller) return caller
  throw new Fault('unauthenticated', bearer ? 'This token is not valid (any more).' : 'You are not signed in.', {
    suggestion: 'Sign in, or send an API token: `Authorization: Bearer …`.',
  })
}

export function bearerOf(request: Request): string | undefined {
  return /^Bearer ([\x21-\x7e]{8,400})$/i.exec(request.headers.get('authorization') ?? '')?.[1]
}

async function byToken(deps: Deps, secret: string): Promise<Caller | undefined> {
  const token = await deps.store.findToken(deps.hashSecret(secret), deps.clock.now())
  const person = token && (await deps.store.getPerson(token.person))
  return token && person && callerOf(person, 'token', token)
}

/** The person of a session secret; undefined = no session. */
async function bySession(deps: Deps, secret: string | undefined): Promise<Caller | undefined> {
  if (!secret) return undefined
  const person = await deps.store.findSession(deps.hashSecret(secret), deps.clock.now())
  return person && callerOf(person, 'session')
}

function callerOf(person: PersonRecord, via: Caller['via'], token?: TokenRecord): Caller | undefined {
  if (person.disabledAt !== undefined) return undefined
  const { id, email, name } = person
  return { id, email, name, via, roles: token ? limited(person.roles, token.role) : person.roles }
}

/** The lesser of the person's role and the token's, in every place: it also travels with commands to the worker. */
function limited(own: PersonRecord['roles'], atMost: Role): PersonRecord['roles'] {
  const lesser = (role: Role) => (roles.indexOf(role) < roles.indexOf(atMost) ? role : atMost)
  return Object.fromEntries(Object.entries(own).map(([place, role]) => [place, lesser(role)]))
}
