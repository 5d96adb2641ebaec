import type { CheckRecord, CheckStore } from '../../ports/store/index.ts'
import { date, ms, read } from './columns.ts'
import type { PromotionCheck } from './generated/client.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

export function checkStore(session: Session): CheckStore {
  return {
    async saveCheck({ promotion, name, origin, planDigest, at, ...said }) {
      const key = { promotion, name, origin, planDigest }
      const columns = {
        state: said.state,
        description: said.description ?? null,
        url: said.url ?? null,
        by: said.by ?? null,
        at: date(at),
      }
      await session.atomically(async (tx) => {
        await tx.promotionCheck.upsert({
          where: { promotion_name_origin_planDigest: key },
          create: { ...key, ...columns },
          update: columns,
        })
        await announce(tx, 'promotions', promotion, session.clock.now())
      })
    },
    async listChecks(promotion) {
      return (await session.db.promotionCheck.findMany({ where: { promotion }, orderBy: { at: 'asc' } })).map(toCheck)
    },
  }
}

const toCheck = (row: PromotionCheck): CheckRecord => ({
  promotion: row.promotion,
  name: row.name,
  origin: read(row.origin),
  planDigest: row.planDigest,
  state: read(row.state),
  description: row.description ?? undefined,
  url: row.url ?? undefined,
  by: row.by ?? undefined,
  at: ms(row.at),
})
