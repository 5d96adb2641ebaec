import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { hasEnded, promotionStates } from '../../core/promotion/index.ts'
import type {
  ApprovalRecord,
  OverrideRecord,
  PlanRecord,
  PromotionRecord,
  PromotionStore,
} from '../../ports/store/promotions.ts'
import { date, dateOrNull, decodeCursor, encodeCursor, json, ms, msOrNothing, page, pageSize, read } from './columns.ts'
import type { Approval, GateOverride, Promotion } from './generated/client.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)
const openStates = promotionStates.filter((state) => !hasEnded(state))

type Cursor = [createdAt: number, id: string]
const isCursor = (key: unknown): key is Cursor =>
  Array.isArray(key) && typeof key[0] === 'number' && typeof key[1] === 'string'

export function promotionStore(session: Session): PromotionStore {
  return { ...promotions(session), ...words(session) }
}

function promotions(
  session: Session,
): Pick<PromotionStore, 'savePromotion' | 'getPromotion' | 'listPromotions' | 'savePlan' | 'getPlan'> {
  const { db, clock } = session
  return {
    async savePromotion(record) {
      const { id } = record
      const columns = toColumns(record)
      await session.atomically(async (tx) => {
        await tx.promotion.upsert({ where: { id }, create: { id, ...columns }, update: columns, select: { id: true } })
        await announce(tx, 'promotions', id, clock.now())
      })
    },
    async getPromotion(id) {
      const row = await db.promotion.findUnique({ where: { id } })
      return row ? toPromotion(row) : undefined
    },
    async listPromotions({ release, application, open, after, limit: wanted }) {
      const limit = pageSize(wanted, 50)
      const from = decodeCursor(after, isCursor)
      const rows = await db.promotion.findMany({
        where: {
          release,
          application,
          ...(open ? { state: { in: openStates } } : {}),
          ...(from
            ? { OR: [{ createdAt: { lt: date(from[0]) } }, { createdAt: date(from[0]), id: { lt: from[1] } }] }
            : {}),
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
      })
      return page(rows, limit, toPromotion, (row) => encodeCursor([ms(row.createdAt), row.id] satisfies Cursor))
    },
    async savePlan(promotion, plan) {
      const content = new Uint8Array(await compress(JSON.stringify(plan)))
      const columns = { digest: plan.digest, content }
      await db.promotionPlan.upsert({
        where: { promotion },
        create: { promotion, ...columns },
        update: columns,
        select: { promotion: true },
      })
    },
    async getPlan(promotion) {
      const row = await db.promotionPlan.findUnique({ where: { promotion } })
      return row ? (JSON.parse((await decompress(row.content)).toString('utf8')) as PlanRecord) : undefined
    },
  }
}

function words(
  session: Session,
): Pick<PromotionStore, 'saveApproval' | 'listApprovals' | 'saveOverride' | 'listOverrides'> {
  const { db, clock } = session
  return {
    async saveApproval({ promotion, person, planDigest, at, ...rest }) {
      const columns = { ...rest, message: rest.message ?? null, at: date(at) }
      const key = { promotion, person, planDigest }
      await session.atomically(async (tx) => {
        await tx.approval.upsert({
          where: { promotion_person_planDigest: key },
          create: { ...key, ...columns },
          update: columns,
        })
        await announce(tx, 'promotions', promotion, clock.now())
      })
    },
    async listApprovals(promotion) {
      return (await db.approval.findMany({ where: { promotion }, orderBy: { at: 'asc' } })).map(toApproval)
    },
    async saveOverride({ promotion, gate, planDigest, person, at, ...rest }) {
      const columns = { ...rest, at: date(at) }
      const key = { promotion, gate, planDigest, person }
      await session.atomically(async (tx) => {
        await tx.gateOverride.upsert({
          where: { promotion_gate_planDigest_person: key },
          create: { ...key, ...columns },
          update: columns,
        })
        await announce(tx, 'promotions', promotion, clock.now())
      })
    },
    async listOverrides(promotion) {
      return (await db.gateOverride.findMany({ where: { promotion }, orderBy: { at: 'asc' } })).map(toOverride)
    },
  }
}

const toColumns = (record: PromotionRecord) => ({
  release: record.release,
  application: record.application,
  environment: record.environment,
  source: record.source ?? null,
  way: record.way,
  state: record.state,
  reason: record.reason,
  planDigest: record.planDigest,
  facts: json(record.facts),
  steps: json(record.steps),
  operation: record.operation ?? null,
  createdAt: date(record.createdAt),
  endedAt: dateOrNull(record.endedAt),
})

const toPromotion = (row: Promotion): PromotionRecord => ({
  id: row.id,
  release: row.release,
  application: row.application,
  environment: row.environment,
  source: row.source ?? undefined,
  way: read(row.way),
  state: read(row.state),
  reason: row.reason,
  planDigest: row.planDigest,
  facts: read(row.facts),
  steps: read(row.steps),
  operation: row.operation ?? undefined,
  createdAt: ms(row.createdAt),
  endedAt: msOrNothing(row.endedAt),
})

const toApproval = (row: Approval): ApprovalRecord => ({
  promotion: row.promotion,
  person: row.person,
  email: row.email,
  name: row.name,
  decision: read(row.decision),
  planDigest: row.planDigest,
  message: row.message ?? undefined,
  at: ms(row.at),
})

const toOverride = (row: GateOverride): OverrideRecord => ({
  promotion: row.promotion,
  gate: read(row.gate),
  person: row.person,
  email: row.email,
  name: row.name,
  reason: row.reason,
  planDigest: row.planDigest,
  at: ms(row.at),
})
