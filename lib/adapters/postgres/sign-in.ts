import type { SessionRecord, SignInStore } from '../../ports/store/index.ts'
import { date, ms } from './columns.ts'
import type { Session as SessionRow } from './generated/client.ts'
import { toPerson } from './people.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

const useNotedEveryMs = 60_000

export function signInStore(session: Session): SignInStore {
  return { ...links(session), ...sessions(session), ...passwords(session) }
}

type Links = Pick<SignInStore, 'saveSignInLink' | 'findSignInLink' | 'useSignInLink' | 'removeSignInLinks'>

function links(session: Session): Links {
  const { db } = session
  return {
    async saveSignInLink(secretHash, person, expiresAt, purpose = 'sign-in') {
      const data = { secretHash, personId: person, purpose, expiresAt: date(expiresAt) }
      await db.signInLink.create({ data, select: { secretHash: true } })
    },
    async findSignInLink(secretHash, now, purpose) {
      const row = await db.signInLink.findUnique({ where: { secretHash, purpose }, include: { person: true } })
      if (!row || ms(row.expiresAt) <= now || row.person.disabledAt) return undefined
      return toPerson(row.person)
    },
    useSignInLink: (secretHash, now, purpose = 'sign-in') =>
      session.atomically(async (tx) => {
        // Of two that come at once, one deletes the row.
        const rows = await tx.$queryRaw<{ person: string; expiresAt: Date }[]>`
          DELETE FROM sign_in_link WHERE secret_hash = ${secretHash} AND purpose = ${purpose}
          RETURNING person_id AS person, expires_at AS "expiresAt"`
        const link = rows[0]
        if (!link || ms(link.expiresAt) <= now) return undefined
        const row = await tx.person.findUnique({ where: { id: link.person } })
        return row && !row.disabledAt ? toPerson(row) : undefined
      }),
    async removeSignInLinks(person) {
      await db.signInLink.deleteMany({ where: { personId: person } })
    },
  }
}

type Sessions = Pick<
  SignInStore,
  'saveSession' | 'findSession' | 'removeSession' | 'getSession' | 'listSessions' | 'endSessions'
>

function sessions(session: Session): Sessions {
  const { db, clock } = session
  return {
    async saveSession(secretHash, { person, createdAt, lastUsedAt, expiresAt, ...rest }) {
      const times = { createdAt: date(createdAt), lastUsedAt: date(lastUsedAt), expiresAt: date(expiresAt) }
      const data = { secretHash, personId: person, ...rest, ...times }
      await db.session.create({ data, select: { id: true } })
      await db.person.updateMany({ where: { id: person }, data: { lastSeenAt: date(createdAt) } })
    },
    async findSession(secretHash, now, idleMs) {
      const row = await db.session.findUnique({ where: { secretHash }, include: { person: true } })
      if (!row || row.person.disabledAt) return undefined
      const used = ms(row.lastUsedAt)
      if (ms(row.expiresAt) <= now || used + idleMs <= now) return undefined
      if (now - used >= useNotedEveryMs) {
        await db.session.updateMany({ where: { id: row.id }, data: { lastUsedAt: date(now) } })
        await db.person.updateMany({ where: { id: row.personId }, data: { lastSeenAt: date(now) } })
      }
      return { person: toPerson(row.person), session: row.id }
    },
    async removeSession(secretHash) {
      await db.session.deleteMany({ where: { secretHash } })
    },
    async getSession(id) {
      const row = await db.session.findUnique({ where: { id } })
      return row ? toSession(row) : undefined
    },
    async listSessions(person) {
      const rows = await db.session.findMany({
        where: { personId: person },
        orderBy: [{ lastUsedAt: 'desc' }, { id: 'asc' }],
      })
      return rows.map(toSession)
    },
    endSessions: (person, { only, except } = {}) =>
      session.atomically(async (tx) => {
        const id = { equals: only, not: except }
        const { count } = await tx.session.deleteMany({ where: { personId: person, id } })
        if (count > 0) await announce(tx, 'system', 'people', clock.now())
        return count
      }),
  }
}

type Passwords = Pick<SignInStore, 'passwordOf' | 'setPassword' | 'withPassword' | 'changeThrottle'>

function passwords(session: Session): Passwords {
  const { db } = session
  return {
    async passwordOf(person) {
      const row = await db.person.findUnique({ where: { id: person }, select: { password: true } })
      return row?.password ?? undefined
    },
    async setPassword(person, encoded) {
      await db.person.updateMany({ where: { id: person }, data: { password: encoded } })
    },
    async withPassword() {
      const rows = await db.person.findMany({ where: { password: { not: null } }, select: { id: true } })
      return new Set(rows.map(({ id }) => id))
    },
    changeThrottle: (key, change) =>
      session.atomically(async (tx) => {
        // A key nobody has seen yet has no row to lock.
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 7))`
        const row = await tx.signInThrottle.findUnique({ where: { key } })
        const next = change(row ? { failures: row.failures, lastAt: ms(row.lastAt) } : undefined)
        if (!next) return void (await tx.signInThrottle.deleteMany({ where: { key } }))
        const columns = { failures: next.failures, lastAt: date(next.lastAt) }
        await tx.signInThrottle.upsert({ where: { key }, create: { key, ...columns }, update: columns })
      }),
  }
}

const toSession = (row: SessionRow): SessionRecord => ({
  id: row.id,
  person: row.personId,
  way: row.way,
  userAgent: row.userAgent,
  address: row.address,
  createdAt: ms(row.createdAt),
  lastUsedAt: ms(row.lastUsedAt),
  expiresAt: ms(row.expiresAt),
})
