import { sessionLife } from '#lib/core/access/index.ts'
import type { Passwords } from '#lib/ports/passwords.ts'
import type { PersonRecord, Store } from '#lib/ports/store/index.ts'
import type { TokenDeps } from './create-token.ts'

export interface SignInDeps extends TokenDeps {
  /** SHA-256 hex of a secret, as the store keeps it. */
  hashSecret(secret: string): string
  passwords: Passwords
  /** Where people reach the dashboard, without a trailing slash. */
  webUrl: string
}

/** Where a sign-in comes from. */
export interface Client {
  address: string
  userAgent: string
}

/** The secret goes into the cookie and nowhere else. */
export interface OpenedSession {
  person: PersonRecord
  secret: string
}

/** A session of its own for a person who has shown who they are. */
export async function openSession(
  deps: SignInDeps,
  store: Store,
  person: PersonRecord,
  way: string,
  client: Client,
): Promise<OpenedSession> {
  const now = deps.clock.now()
  const { secret, hash } = deps.newSecret()
  const id = deps.newId('ses')
  const times = { createdAt: now, lastUsedAt: now, expiresAt: now + sessionLife.longestMs }
  await store.saveSession(hash, { id, person: person.id, way, ...client, ...times })
  const data = { session: id, way, address: client.address }
  await store.record([{ at: now, kind: 'session.created', actor: person.email, subject: person.email, data }])
  return { person, secret }
}
