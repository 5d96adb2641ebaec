import type { CredentialStore, RegistryCredentialRecord } from '../../ports/store/index.ts'
import { date, ms } from './columns.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

export function credentialStore(session: Session): CredentialStore {
  const { db, clock } = session
  return {
    async listRegistryCredentials() {
      const rows = await db.registryCredential.findMany({
        orderBy: [{ host: 'asc' }, { path: 'asc' }, { purpose: 'asc' }],
      })
      return rows.map((row) => ({
        ...row,
        purpose: row.purpose as RegistryCredentialRecord['purpose'],
        createdAt: ms(row.createdAt),
      }))
    },
    async saveRegistryCredential({ createdAt, ...record }) {
      const { purpose, host, path } = record
      const data = { ...record, createdAt: date(createdAt) }
      await session.atomically(async (tx) => {
        await tx.registryCredential.deleteMany({ where: { purpose, host, path } })
        await tx.registryCredential.create({ data })
        await announce(tx, 'system', 'registry-credentials', clock.now())
      })
    },
    async removeRegistryCredential(id) {
      await session.atomically(async (tx) => {
        await tx.registryCredential.deleteMany({ where: { id } })
        await announce(tx, 'system', 'registry-credentials', clock.now())
      })
    },
  }
}
