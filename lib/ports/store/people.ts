export interface PersonRecord {
  id: string
  email: string
  name: string
  /** Role by environment; `*` = all. */
  roles: Record<string, 'viewer' | 'deployer' | 'approver' | 'admin'>
  createdAt: number
  disabledAt?: number
  /** Kept by the store: the last use of a session, to the minute. Saving a person leaves it as it is. */
  lastSeenAt?: number
  /** The provider whose groups give the roles; absent = they are given by hand. */
  rolesFrom?: string
  /** Groups as a provider named them at the last sign-in. */
  teams?: string[]
}

export interface TokenRecord {
  id: string
  name: string
  person: string
  /** Never more than the person's own roles at the time of use. */
  role: 'viewer' | 'deployer' | 'approver' | 'admin'
  /** The only environments it is good for; absent = wherever the person may. */
  environments?: string[]
  createdAt: number
  expiresAt: number
  lastUsedAt?: number
  revokedAt?: number
}

export interface PeopleStore {
  savePerson(person: PersonRecord): Promise<void>
  getPerson(id: string): Promise<PersonRecord | undefined>
  findPersonByEmail(email: string): Promise<PersonRecord | undefined>
  listPeople(): Promise<PersonRecord[]>
  /** The same, and nobody else changes people until the open transaction ends. */
  holdPeople(): Promise<PersonRecord[]>
  /** With tokens, links and sessions. */
  removePerson(id: string): Promise<void>
  /** Secrets are given as SHA-256 hex; the plain text never reaches the database. */
  saveToken(token: TokenRecord, secretHash: string): Promise<void>
  /** Unexpired, unrevoked; notes the use (at most once a minute). */
  findToken(secretHash: string, now: number): Promise<TokenRecord | undefined>
  listTokens(): Promise<TokenRecord[]>
  revokeToken(id: string, now: number): Promise<void>
}
