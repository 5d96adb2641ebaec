import { createPublicKey, randomBytes, verify } from 'node:crypto'

export interface PersonToken {
  login: string
  token: string
  /** The token may read and nothing else. */
  readOnly?: boolean
}

export interface AppRegistration {
  id: number
  slug: string
  /** PEM of the public key that belongs to the App's private one. */
  publicKey: string
  installationId: number
}

export type Caller =
  | { kind: 'person'; login: string; mayWrite: boolean }
  | { kind: 'installation'; login: string; mayWrite: true }
  /** The App itself, by a JSON Web Token. */
  | { kind: 'app' }

const tokenMs = 60 * 60_000

/** Who may call: people by token, a GitHub App by JSON Web Token, its installation by tokens it was given. */
export class Identities {
  readonly #people: Map<string, PersonToken>
  readonly #app: AppRegistration | undefined
  readonly #installationTokens = new Map<string, number>()
  #isInstalled: boolean

  constructor(people: readonly PersonToken[], app: AppRegistration | undefined) {
    this.#people = new Map(people.map((person) => [person.token, person]))
    this.#app = app
    this.#isInstalled = app !== undefined
  }

  /** By an `Authorization` header, Git's Basic with the token as password included; undefined = bad credentials. */
  callerOf(authorization: string): Caller | undefined {
    const [scheme = '', value = ''] = authorization.split(' ')
    if (scheme.toLowerCase() === 'basic') {
      const [, ...password] = Buffer.from(value, 'base64').toString('utf8').split(':')
      return this.#byToken(password.join(':'))
    }
    if (!['token', 'bearer'].includes(scheme.toLowerCase())) return undefined
    return value.split('.').length === 3 ? this.#byJwt(value) : this.#byToken(value)
  }

  installation(): AppRegistration | undefined {
    return this.#isInstalled ? this.#app : undefined
  }

  /** A new token for the installation, and when it runs out. */
  issueToken(): { token: string; expiresAt: Date } {
    const token = `ghs_${randomBytes(18).toString('hex')}`
    const expiresAt = new Date(Date.now() + tokenMs)
    this.#installationTokens.set(token, expiresAt.getTime())
    return { token, expiresAt }
  }

  /** Every token of people, or of the installation, is worth nothing from now on. */
  revokeTokens(of: 'people' | 'installation'): void {
    if (of === 'people') this.#people.clear()
    else this.#installationTokens.clear()
  }

  /** Another token of somebody. */
  admit(person: PersonToken): void {
    this.#people.set(person.token, person)
  }

  /** Once more, after it was taken away. */
  install(): void {
    this.#isInstalled = this.#app !== undefined
  }

  uninstall(): void {
    this.#isInstalled = false
    this.#installationTokens.clear()
  }

  #byToken(token: string): Caller | undefined {
    const person = this.#people.get(token)
    if (person) return { kind: 'person', login: person.login, mayWrite: !person.readOnly }
    const expiresAt = this.#installationTokens.get(token)
    if (expiresAt === undefined || expiresAt < Date.now()) return undefined
    return { kind: 'installation', login: `${this.#app?.slug}[bot]`, mayWrite: true }
  }

  #byJwt(jwt: string): Caller | undefined {
    const [header = '', payload = '', signature = ''] = jwt.split('.')
    if (!this.#app) return undefined
    const key = createPublicKey(this.#app.publicKey)
    if (!verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url')))
      return undefined
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
      iss: unknown
      iat: number
      exp: number
    }
    const now = Date.now() / 1000
    const isInTime = claims.exp > now && claims.exp - now <= 660 && claims.iat <= now + 60
    return String(claims.iss) === String(this.#app.id) && isInTime ? { kind: 'app' } : undefined
  }
}
