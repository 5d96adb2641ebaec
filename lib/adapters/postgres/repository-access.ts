import type { RepositoryAccessStore } from '../../ports/store/index.ts'
import { date, dateOrNull, json, ms, msOrNothing, read } from './columns.ts'
import { announce } from './session.ts'
import type { Db, Session } from './session.ts'

export function repositoryAccessStore(session: Session): RepositoryAccessStore {
  const { db, clock } = session
  const changing = (change: (tx: Db) => Promise<unknown>) =>
    session.atomically(async (tx) => {
      await change(tx)
      await announce(tx, 'system', 'repository-access', clock.now())
    })
  return {
    async getConnection() {
      const row = await db.repositoryConnection.findFirst()
      return row ? { ...row, credential: read(row.credential), savedAt: ms(row.savedAt) } : undefined
    },
    async saveConnection({ credential, savedAt, ...record }) {
      const data = { ...record, credential: json(credential), savedAt: date(savedAt) }
      await changing(async (tx) => {
        await tx.repositoryConnection.deleteMany()
        await tx.repositoryConnection.create({ data })
      })
    },
    async removeConnection() {
      await changing((tx) => tx.repositoryConnection.deleteMany())
    },
    async listDeployKeys() {
      const rows = await db.deployKey.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
      return rows.map((row) => ({
        ...row,
        createdAt: ms(row.createdAt),
        authenticatedAt: msOrNothing(row.authenticatedAt),
      }))
    },
    async saveDeployKey({ createdAt, authenticatedAt, ...record }) {
      const data = { ...record, createdAt: date(createdAt), authenticatedAt: dateOrNull(authenticatedAt) }
      await changing((tx) => tx.deployKey.create({ data }))
    },
    async noteDeployKey(id, authenticatedAt) {
      const data = { authenticatedAt: date(authenticatedAt) }
      await changing((tx) => tx.deployKey.updateMany({ where: { id }, data }))
    },
    async removeDeployKey(id) {
      await changing((tx) => tx.deployKey.deleteMany({ where: { id } }))
    },
    async listHostKeys() {
      const rows = await db.hostKey.findMany({ orderBy: [{ host: 'asc' }, { type: 'asc' }] })
      return rows.map((row) => ({ ...row, pinnedAt: ms(row.pinnedAt), pinnedBy: row.pinnedBy ?? undefined }))
    },
    async pinHostKey({ pinnedAt, ...record }) {
      return session.atomically(async (tx) => {
        const data = [{ ...record, pinnedAt: date(pinnedAt) }]
        const { count } = await tx.hostKey.createMany({ data, skipDuplicates: true })
        if (count > 0) await announce(tx, 'system', 'repository-access', clock.now())
        return count > 0
      })
    },
    async removeHostKey(id) {
      await changing((tx) => tx.hostKey.deleteMany({ where: { id } }))
    },
  }
}
