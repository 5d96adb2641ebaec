import type { ProviderRecord, ProviderStore } from '../../ports/store/index.ts'
import { date, json, ms, read } from './columns.ts'
import type { SignInProvider } from './generated/client.ts'
import { toPerson } from './people.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

export function providerStore(session: Session): ProviderStore {
  const { db, clock } = session
  return {
    async listProviders() {
      const rows = await db.signInProvider.findMany({ orderBy: [{ name: 'asc' }, { id: 'asc' }] })
      return rows.map(toProvider)
    },
    async getProvider(id) {
      const row = await db.signInProvider.findUnique({ where: { id } })
      return row ? toProvider(row) : undefined
    },
    async saveProvider({ id, rules, createdAt, ...rest }) {
      const columns = { ...rest, rules: json(rules), createdAt: date(createdAt) }
      await session.atomically(async (tx) => {
        await tx.signInProvider.upsert({ where: { id }, create: { id, ...columns }, update: columns })
        await announce(tx, 'system', 'sign-in-providers', clock.now())
      })
    },
    async removeProvider(id) {
      await session.atomically(async (tx) => {
        await tx.signInProvider.deleteMany({ where: { id } })
        await announce(tx, 'system', 'sign-in-providers', clock.now())
        await announce(tx, 'system', 'people', clock.now())
      })
    },
    async findByIdentity(providerId, subject) {
      const row = await db.identity.findUnique({
        where: { providerId_subject: { providerId, subject } },
        include: { person: true },
      })
      return row ? toPerson(row.person) : undefined
    },
    async subjectOf(providerId, personId) {
      const row = await db.identity.findUnique({ where: { providerId_personId: { providerId, personId } } })
      return row?.subject
    },
    async saveIdentity(providerId, subject, personId, at) {
      const data = { providerId, subject, personId, createdAt: date(at) }
      await db.identity.create({ data, select: { subject: true } })
    },
  }
}

const toProvider = (row: SignInProvider): ProviderRecord => ({
  ...row,
  kind: read(row.kind),
  rules: read(row.rules),
  createdAt: ms(row.createdAt),
})
