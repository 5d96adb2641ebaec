import { z } from 'zod'
import { Fault } from '#lib/core/fault/index.ts'
import { callOutside } from '#lib/adapters/outbound-http/index.ts'
import type { RegistryCredentials } from './credentials-for-host.ts'
import { parseChallenge, type Challenge } from './parse-challenge.ts'
import { faultOfFailure, faultOfStatus } from './registry-fault.ts'

export interface AuthorizerOptions {
  /** As people write it, for messages. */
  host: string
  insecure: boolean
  credentials(): Promise<RegistryCredentials | undefined>
  fetch?: typeof fetch
}

type Scheme = { kind: 'unknown' } | { kind: 'none' } | Challenge

const TokenAnswer = z.object({
  token: z.string().min(1).max(32_768).optional(),
  access_token: z.string().min(1).max(32_768).optional(),
  expires_in: z.number().positive().optional(),
})

/** Seconds a token lives when the answer does not say (distribution's token specification). */
const defaultLifeSeconds = 60
/** A token is renewed this long before it ends, so that none ends on the way. */
const marginMs = 10_000
const maxTokens = 5000

interface Token {
  header: string
  /** Milliseconds since the epoch. */
  expiresAt: number
}

/** Learns from the first 401 how a registry wants to be asked, and then asks that way at once. */
export class Authorizer {
  readonly #options: AuthorizerOptions
  #scheme: Scheme = { kind: 'unknown' }
  #tokens = new Map<string, Promise<Token>>()
  #basic: Promise<string | undefined> | undefined

  constructor(options: AuthorizerOptions) {
    this.#options = options
  }

  get isKnown(): boolean {
    return this.#scheme.kind !== 'unknown'
  }

  /** An answer other than 401 came without credentials. */
  acceptedAnonymously(): void {
    if (this.#scheme.kind === 'unknown') this.#scheme = { kind: 'none' }
  }

  /** The Authorization header for a scope such as `repository:library/nats:pull`. */
  async header(scope: string): Promise<string | undefined> {
    switch (this.#scheme.kind) {
      case 'unknown':
      case 'none':
        return undefined
      case 'basic':
        this.#basic ??= this.#options.credentials().then((found) => found && basicHeader(found))
        return this.#basic
      case 'bearer':
        return (await this.#token(this.#scheme, scope)).header
    }
  }

  /** After a 401 to a request that carried `sent`: whether it is worth asking once more with a new header. */
  async challenged(wwwAuthenticate: string | null, scope: string, sent: string | undefined): Promise<boolean> {
    const challenge = parseChallenge(wwwAuthenticate)
    if (!challenge) return false
    this.#scheme = challenge
    this.#tokens.delete(scope)
    this.#basic = undefined
    if (challenge.kind === 'bearer') return true
    const header = await this.header(scope)
    // The same name and password would only be refused again, and some hosts lock accounts for it.
    return header !== undefined && header !== sent
  }

  #token(challenge: Challenge & { kind: 'bearer' }, scope: string): Promise<Token> {
    const known = this.#tokens.get(scope)
    const token = known
      ? known.then((value) => (value.expiresAt > Date.now() ? value : this.#renew(challenge, scope, known)))
      : this.#renew(challenge, scope, undefined)
    return token
  }

  #renew(challenge: Challenge & { kind: 'bearer' }, scope: string, old: Promise<Token> | undefined): Promise<Token> {
    const present = this.#tokens.get(scope)
    if (present && present !== old) return present
    const made = this.#fetchToken(challenge, scope)
    this.#tokens.delete(scope)
    this.#tokens.set(scope, made)
    const oldest = this.#tokens.keys().next().value
    if (this.#tokens.size > maxTokens && oldest !== undefined) this.#tokens.delete(oldest)
    made.catch(() => {
      if (this.#tokens.get(scope) === made) this.#tokens.delete(scope)
    })
    return made
  }

  async #fetchToken(challenge: Challenge & { kind: 'bearer' }, scope: string): Promise<Token> {
    const { host, insecure } = this.#options
    const credentials = await this.#options.credentials()
    const url = new URL(challenge.realm)
    if (challenge.service !== undefined) url.searchParams.set('service', challenge.service)
    url.searchParams.set('scope', scope)
    if (credentials) url.searchParams.set('account', credentials.username)
    const askedAt = Date.now()
    const answer = await callOutside({
      url,
      headers: { accept: 'application/json' },
      authorization: credentials && basicHeader(credentials),
      timeoutMs: 20_000,
      maxBytes: 256 * 1024,
      insecure,
      fetch: this.#options.fetch,
    }).catch((error: unknown) => {
      throw faultOfFailure(error)
    })
    if (answer.status !== 200) throw faultOfStatus(answer.status, answer.headers, host, 'its token service')
    return readToken(answer.body, askedAt, host)
  }
}

function readToken(body: Buffer, askedAt: number, host: string): Token {
  const parsed = TokenAnswer.safeParse(parseJson(body))
  const token = parsed.data?.token ?? parsed.data?.access_token
  if (token === undefined || /[^\x21-\x7e]/.test(token)) {
    throw new Fault('registry-answer-invalid', `The token service of ${host} answered without a token.`, {
      retryable: true,
    })
  }
  const lifeMs = (parsed.data?.expires_in ?? defaultLifeSeconds) * 1000
  return { header: `Bearer ${token}`, expiresAt: askedAt + Math.max(lifeMs - marginMs, lifeMs / 2) }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function basicHeader({ username, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
