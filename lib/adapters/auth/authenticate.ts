import type { PeopleStore, PersonRecord, TokenRecord } from '../../ports/store/index.ts'
import { hashSecret } from './secret.ts'

/** Secrets longer than this are nobody's; hashing them would only cost time. */
const longestSecret = 400

export type Authenticated =
  | { kind: 'session'; person: PersonRecord }
  /** Never more than `token.role`, whatever the person may. */
  | { kind: 'token'; person: PersonRecord; token: TokenRecord }

/**
 * Who comes with these: `authorization` is the header as sent, `cookie` the session's secret. A header that is there must
 * be good: a bad token is not excused by a good cookie. Undefined = nobody known; secrets are looked up by hash alone.
 */
export async function authenticate(
  given: { authorization?: string; cookie?: string },
  store: Pick<PeopleStore, 'findToken' | 'findSession' | 'getPerson'>,
  now: number,
): Promise<Authenticated | undefined> {
  if (given.authorization !== undefined) {
    const secret = /^Bearer ([\x21-\x7e]+)$/i.exec(given.authorization)?.[1]
    return secret === undefined ? undefined : byToken(secret, store, now)
  }
  if (!given.cookie || given.cookie.length > longestSecret) return undefined
  const person = await store.findSession(hashSecret(given.cookie), now)
  return person && { kind: 'session', person }
}

async function byToken(
  secret: string,
  store: Pick<PeopleStore, 'findToken' | 'getPerson'>,
  now: number,
): Promise<Authenticated | undefined> {
  if (secret.length > longestSecret) return undefined
  const token = await store.findToken(hashSecret(secret), now)
  const person = token && (await store.getPerson(token.person))
  return person && person.disabledAt === undefined ? { kind: 'token', person, token } : undefined
}
