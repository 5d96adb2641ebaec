import type { PeopleStore, PersonRecord, TokenRecord } from '../../ports/store/index.ts'
import { date, dateOrNull, json, jsonOrNull, ms, msOrNothing, read, readOrNothing } from './columns.ts'
import type { Person, Token } from './generated/client.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

const useNotedEveryMs = 60_000

export function peopleStore(session: Session): PeopleStore {
  return { ...people(session), ...tokens(session) }
}

type People = Omit<PeopleStore, keyof Tokens>
type Tokens = Pick<PeopleStore, 'saveToken' | 'findToken' | 'listTokens' | 'revokeToken'>

function people(session: Session): People {
  const { db, clock } = session
  const byEmail = { orderBy: { email: 'asc' } } as const
  return {
    async savePerson(person) {
      const { id } = person
      const columns = {
        email: person.email.toLowerCase(),
        name: person.name,
        roles: json(person.roles),
        createdAt: date(person.createdAt),
        disabledAt: dateOrNull(person.disabledAt),
        rolesFrom: person.rolesFrom ?? null,
        teams: jsonOrNull(person.teams),
      }
      await session.atomically(async (tx) => {
        await tx.person.upsert({ where: { id }, create: { id, ...columns }, update: columns, select: { id: true } })
        await announce(tx, 'system', 'people', clock.now())
      })
    },
    async getPerson(id) {
      const row = await db.person.findUnique({ where: { id } })
      return row ? toPerson(row) : undefined
    },
    async findPersonByEmail(email) {
      const row = await db.person.findUnique({ where: { email: email.toLowerCase() } })
      return row ? toPerson(row) : undefined
    },
    async listPeople() {
      const rows = await db.person.findMany(byEmail)
      return rows.map(toPerson)
    },
    async holdPeople() {
      await db.$executeRaw`LOCK TABLE person IN SHARE ROW EXCLUSIVE MODE`
      const rows = await db.person.findMany(byEmail)
      return rows.map(toPerson)
    },
    async removePerson(id) {
      await session.atomically(async (tx) => {
        await tx.person.deleteMany({ where: { id } })
        await announce(tx, 'system', 'people', clock.now())
      })
    },
  }
}

function tokens(session: Session): Tokens {
  const { db, clock } = session
  return {
    async saveToken(token, secretHash) {
      const { id } = token
      const columns = {
        name: token.name,
        personId: token.person,
        role: token.role,
        environments: jsonOrNull(token.environments),
        secretHash,
        createdAt: date(token.createdAt),
        expiresAt: date(token.expiresAt),
        lastUsedAt: dateOrNull(token.lastUsedAt),
        revokedAt: dateOrNull(token.revokedAt),
      }
      await session.atomically(async (tx) => {
        await tx.token.upsert({ where: { id }, create: { id, ...columns }, update: columns, select: { id: true } })
        await announce(tx, 'system', 'tokens', clock.now())
      })
    },
    async findToken(secretHash, now) {
      const row = await db.token.findUnique({ where: { secretHash } })
      if (!row || row.revokedAt || ms(row.expiresAt) <= now) return undefined
      if (!row.lastUsedAt || now - ms(row.lastUsedAt) >= useNotedEveryMs) {
        await db.token.updateMany({ where: { id: row.id }, data: { lastUsedAt: date(now) } })
        return { ...toToken(row), lastUsedAt: now }
      }
      return toToken(row)
    },
    async listTokens() {
      const rows = await db.token.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] })
      return rows.map(toToken)
    },
    async revokeToken(id, now) {
      await session.atomically(async (tx) => {
        const { count } = await tx.token.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: date(now) } })
        if (count > 0) await announce(tx, 'system', 'tokens', clock.now())
      })
    },
  }
}

export const toPerson = (row: Person): PersonRecord => ({
  id: row.id,
  email: row.email,
  name: row.name,
  roles: read(row.roles),
  createdAt: ms(row.createdAt),
  disabledAt: msOrNothing(row.disabledAt),
  lastSeenAt: msOrNothing(row.lastSeenAt),
  rolesFrom: row.rolesFrom ?? undefined,
  teams: readOrNothing(row.teams),
})

const toToken = (row: Token): TokenRecord => ({
  id: row.id,
  name: row.name,
  person: row.personId,
  role: read(row.role),
  environments: readOrNothing(row.environments),
  createdAt: ms(row.createdAt),
  expiresAt: ms(row.expiresAt),
  lastUsedAt: msOrNothing(row.lastUsedAt),
  revokedAt: msOrNothing(row.revokedAt),
})
