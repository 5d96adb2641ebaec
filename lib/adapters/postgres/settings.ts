import type { Mode } from '../../core/release/types.ts'
import type { SettingsStore } from '../../ports/store/index.ts'
import { jsonText, same } from './columns.ts'
import { announce, announcement } from './session.ts'
import type { Session } from './session.ts'

export function settingsStore(session: Session): SettingsStore {
  const { db, clock } = session
  return {
    async environmentModes() {
      const rows = await db.environmentMode.findMany()
      return Object.fromEntries(rows.map((row) => [row.environment, row.mode as Mode]))
    },
    async setEnvironmentMode(environment, mode) {
      await session.atomically(async (tx) => {
        await tx.environmentMode.upsert({ where: { environment }, create: { environment, mode }, update: { mode } })
        await announce(tx, 'system', 'environment-modes', clock.now())
      })
    },
    async getFact(name) {
      const row = await db.fact.findUnique({ where: { name } })
      return row?.value ?? undefined
    },
    async setFact(name, value) {
      // undefined is kept as JSON's null and read back as undefined.
      const wrapped = value === undefined ? null : value
      const before = await db.fact.findUnique({ where: { name } })
      if (before && same(before.value, wrapped)) return
      const text = jsonText(wrapped)
      await db.$executeRaw`
        WITH told AS (${announcement('system', name, clock.now())})
        INSERT INTO fact (name, value) VALUES (${name}, ${text}::jsonb)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value`
    },
  }
}
