import type { PersonRecord } from './people.ts'

/** `password`: whoever has the link may choose one. */
export type LinkPurpose = 'sign-in' | 'password'

export interface SessionRecord {
  id: string
  person: string
  /** `link`, `password`, or the name of the provider that vouched. */
  way: string
  /** As the browser named itself, cut. */
  userAgent: string
  /** Where the request came from, as far as that is known. */
  address: string
  createdAt: number
  lastUsedAt: number
  /** Its end whatever happens; without use it ends earlier. */
  expiresAt: number
}

/** Attempts with a password that did not succeed (yet), of one account or one address. */
export interface ThrottleRecord {
  failures: number
  lastAt: number
}

/** How people come in. Secrets are given as SHA-256 hex, passwords as scrypt hashes: plain text never reaches the database. */
export interface SignInStore {
  saveSignInLink(secretHash: string, person: string, expiresAt: number, purpose?: LinkPurpose): Promise<void>
  /** Whose link it is, without using it up. */
  findSignInLink(secretHash: string, now: number, purpose: LinkPurpose): Promise<PersonRecord | undefined>
  /** Works once. */
  useSignInLink(secretHash: string, now: number, purpose?: LinkPurpose): Promise<PersonRecord | undefined>
  /** All links of a person. */
  removeSignInLinks(person: string): Promise<void>
  saveSession(secretHash: string, session: SessionRecord): Promise<void>
  /** Of an enabled person, unexpired and used within the last `idleMs`; notes the use (at most once a minute). */
  findSession(
    secretHash: string,
    now: number,
    idleMs: number,
  ): Promise<{ person: PersonRecord; session: string } | undefined>
  removeSession(secretHash: string): Promise<void>
  getSession(id: string): Promise<SessionRecord | undefined>
  /** Last used first; ended ones may still be among them. */
  listSessions(person: string): Promise<SessionRecord[]>
  /** One, all, or all but one of a person; returns how many there were. */
  endSessions(person: string, which?: { only?: string; except?: string }): Promise<number>
  passwordOf(person: string): Promise<string | undefined>
  setPassword(person: string, encoded: string): Promise<void>
  /** People who have a password, by id. */
  withPassword(): Promise<Set<string>>
  /** What `change` makes of what is known, one call after the other for each key; undefined = forget it. */
  changeThrottle(key: string, change: (seen: ThrottleRecord | undefined) => ThrottleRecord | undefined): Promise<void>
}
