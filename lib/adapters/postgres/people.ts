import type { PeopleStore, PersonRecord, TokenRecord } from '../../ports/store/index.ts'
import { date, dateOrNull, json, ms, msOrNothing, read } from './columns.ts'
import type { Person, Token } from './generated/client.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

const useNotedEveryMs = 60_000

export function peopleStore(session: Session): PeopleStore {
  return { ...people(session), ...tokens(session), ...signIns(session) }
}

function people(session: Session): Pick<PeopleStore, 'savePerson' | 'getPerson' | 'findPersonByEmail' | 'listPeople'> {
  const { db, clock } = session
  return {
    async savePerson(person) {
      const { id } = person
      const columns = {
        email: person.email.toLowerCase(),
        name: person.name,
        roles: json(person.roles),
        createdAt: date(person.createdAt),
        disabledAt: dateOrNull(person.disabledAt),
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
      const rows = await db.person.findMany({ orderBy: { email: 'asc' } })
      return rows.map(toPerson)
    },
  }
}

function tokens(session: Session): Pick<PeopleStore, 'saveToken' | 'findToken' | 'listTokens' | 'revokeToken'> {
  const { db, clock } = session
  return {
    async saveToken(token, secretHash) {
      const { id } = token
      const columns = {
        name: token.name,
        personId: token.person,
        role: token.role,
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

type SignIns = Pick<PeopleStore, 'saveSignInLink' | 'useSignInLink' | 'saveSession' | 'findSession' | 'removeSession'>

function signIns(session: Session): SignIns {
  const { db } = session
  return {
    async saveSignInLink(secretHash, person, expiresAt) {
      const data = { secretHash, personId: person, expiresAt: date(expiresAt) }
      await db.signInLink.create({ data, select: { secretHash: true } })
    },
    useSignInLink: (secretHash, now) =>
      session.atomically(async (tx) => {
        // Of two that come at once, one deletes the row.
        const rows = await tx.$queryRaw<{ person: string; expiresAt: Date }[]>`
          DELETE FROM sign_in_link WHERE secret_hash = ${secretHash}
          RETURNING person_id AS person, expires_at AS "expiresAt"`
        const link = rows[0]
        if (!link || ms(link.expiresAt) <= now) return undefined
        return enabled(await tx.person.findUnique({ where: { id: link.person } }))
      }),
    async saveSession(secretHash, person, expiresAt) {
      const data = { secretHash, personId: person, expiresAt: date(expiresAt) }
      await db.session.create({ data, select: { secretHash: true } })
    },
    async findSession(secretHash, now) {
      const row = await db.session.findUnique({ where: { secretHash }, include: { person: true } })
      if (!row || ms(row.expiresAt) <= now) return undefined
      return enabled(row.person)
    },
    async removeSession(secretHash) {
      await db.session.deleteMany({ where: { secretHash } })
    },
  }
}

const enabled = (row: Person | null): PersonRecord | undefined => (row && !row.disabledAt ? toPerson(row) : undefined)

const toPerson = (row: Person): PersonRecord => ({
  id: row.id,
  email: row.email,
  name: row.name,
  roles: read(row.roles),
  createdAt: ms(row.createdAt),
  disabledAt: msOrNothing(row.disabledAt),
})

const toToken = (row: Token): TokenRecord => ({
  id: row.id,
  name: row.name,
  person: row.personId,
  role: read(row.role),
  createdAt: ms(row.createdAt),
  expiresAt: ms(row.expiresAt),
  lastUsedAt: msOrNothing(row.lastUsedAt),
  revokedAt: msOrNothing(row.revokedAt),
})
