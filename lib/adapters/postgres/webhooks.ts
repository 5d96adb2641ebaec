import { promisify } from 'node:util'
import { constants, gunzip, gzipSync } from 'node:zlib'
import type { HookDeliveryRecord, WebhookRecord, WebhookStore } from '../../ports/store/index.ts'
import {
  date,
  dateOrNull,
  decodeCursor,
  encodeCursor,
  jsonText,
  ms,
  msOrNothing,
  page,
  pageSize,
  read,
  readOrNothing,
} from './columns.ts'
import type { Webhook, WebhookDelivery } from './generated/client.ts'
import { Prisma } from './generated/client.ts'
import { announce, announcement } from './session.ts'
import type { Session } from './session.ts'

/** Twenty kilobytes take a tenth of a millisecond; handing them to another thread and back takes longer. */
const pack = (text: string): Buffer => gzipSync(text, { level: constants.Z_BEST_SPEED })
const unpack = promisify(gunzip)

export function webhookStore(session: Session): WebhookStore {
  return { ...hooks(session), ...intake(session), ...deliveries(session) }
}

function hooks({ db, clock, atomically }: Session) {
  return {
    async createWebhook({ createdAt, previousUntil, ...record }) {
      const data = { ...record, refused: 0, createdAt: date(createdAt), previousUntil: dateOrNull(previousUntil) }
      await atomically(async (tx) => {
        await tx.webhook.create({ data })
        await announce(tx, 'webhooks', record.id, clock.now())
      })
    },
    async rotateWebhook(id, secret, previousUntil) {
      return atomically(async (tx) => {
        const count = await tx.$executeRaw`
          UPDATE webhook SET previous = secret, previous_until = ${date(previousUntil)}::timestamptz, secret = ${secret}
          WHERE id = ${id}`
        if (count > 0) await announce(tx, 'webhooks', id, clock.now())
        return count > 0
      })
    },
    async getWebhook(id) {
      const row = await db.webhook.findUnique({ where: { id } })
      return row ? toHook(row) : undefined
    },
    async listWebhooks() {
      const rows = await db.webhook.findMany({
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
        include: { deliveries: { orderBy: { id: 'desc' }, take: 1, omit: { payload: true } } },
      })
      return rows.map(({ deliveries: [last], ...row }) => ({ ...toHook(row), ...(last && { last: toDelivery(last) }) }))
    },
    async removeWebhook(id) {
      await atomically(async (tx) => {
        await tx.webhook.deleteMany({ where: { id } })
        await announce(tx, 'webhooks', id, clock.now())
      })
    },
  } satisfies Partial<WebhookStore>
}

/** One statement each: they are asked for hundreds of times a second. */
function intake({ db, clock }: Session) {
  return {
    async takeDelivery(record, payload) {
      const packed = payload === undefined ? null : pack(payload)
      const [row] = await db.$queryRaw<{ fresh: boolean }[]>`
        WITH taken AS (
          INSERT INTO webhook_delivery (${columns}, payload) VALUES (${valuesOf(record)}, ${packed})
          ON CONFLICT (webhook, delivery) DO UPDATE SET repeats = webhook_delivery.repeats + 1
          RETURNING xmax = 0 AS fresh
        ), told AS (${announcement('webhooks', record.hook, clock.now())})
        SELECT fresh FROM taken`
      return row?.fresh ?? false
    },
    async refuseDelivery(record, restMs) {
      const at = date(record.at)
      const before = date(record.at - restMs)
      await db.$executeRaw`
        WITH counted AS (
          UPDATE webhook SET refused = refused + 1,
            refused_at = CASE WHEN refused_at > ${before}::timestamptz THEN refused_at ELSE ${at}::timestamptz END
          WHERE id = ${record.hook} RETURNING refused_at = ${at}::timestamptz AS due
        ), told AS (${announcement('webhooks', record.hook, clock.now())})
        INSERT INTO webhook_delivery (${columns}) SELECT ${valuesOf(record)} FROM counted WHERE due`
    },
  } satisfies Partial<WebhookStore>
}

const columns = Prisma.sql`id, webhook, delivery, event, at, verdict, told, commit, size, duration_ms, headers, repeats,
  replay_of, replayed_by`

function valuesOf(record: Omit<HookDeliveryRecord, 'repeats'>): Prisma.Sql {
  const { told } = record
  const commit = told?.kind === 'pushed' ? told.commit : undefined
  return Prisma.sql`${record.id}, ${record.hook}, ${record.delivery ?? null}::text, ${record.event},
    ${date(record.at)}::timestamptz, ${jsonText(record.verdict)}::jsonb, ${told ? jsonText(told) : null}::jsonb,
    ${commit ?? null}::text, ${record.size}::integer, ${record.durationMs}::integer, ${jsonText(record.headers)}::jsonb, 0,
    ${record.replayOf ?? null}::text, ${record.replayedBy ?? null}::text`
}

const isKey = (key: unknown): key is string => typeof key === 'string'

function deliveries({ db }: Session) {
  return {
    async listHookDeliveries({ hook, after, limit }) {
      const take = pageSize(limit, 50)
      const before = decodeCursor(after, isKey)
      const rows = await db.webhookDelivery.findMany({
        where: {
          ...(hook === undefined ? {} : { webhook: hook }),
          ...(before === undefined ? {} : { id: { lt: before } }),
        },
        orderBy: { id: 'desc' },
        take: take + 1,
        omit: { payload: true },
      })
      return page(rows, take, toDelivery, (row) => encodeCursor(row.id))
    },
    async getHookDelivery(id) {
      const row = await db.webhookDelivery.findUnique({ where: { id } })
      if (!row) return undefined
      const payload = row.payload ? (await unpack(row.payload)).toString('utf8') : undefined
      return { ...toDelivery(row), ...(payload === undefined ? {} : { payload }) }
    },
    async wasAnnounced(commit) {
      return (await db.webhookDelivery.findFirst({ where: { commit }, select: { id: true } })) !== null
    },
    async hadDeliveries(kind, by) {
      const where = { hook: { kind }, told: { not: Prisma.DbNull }, at: { lte: date(by) } }
      return (await db.webhookDelivery.findFirst({ where, select: { id: true } })) !== null
    },
  } satisfies Partial<WebhookStore>
}

const toHook = (row: Webhook): WebhookRecord => ({
  id: row.id,
  kind: read(row.kind),
  name: row.name,
  secret: row.secret,
  previous: row.previous ?? undefined,
  previousUntil: msOrNothing(row.previousUntil),
  createdAt: ms(row.createdAt),
  createdBy: row.createdBy,
  refused: row.refused,
  refusedAt: msOrNothing(row.refusedAt),
})

const toDelivery = (row: Omit<WebhookDelivery, 'payload'>): HookDeliveryRecord => ({
  id: row.id,
  hook: row.webhook,
  delivery: row.delivery ?? undefined,
  event: row.event,
  at: ms(row.at),
  verdict: read(row.verdict),
  told: readOrNothing(row.told),
  size: row.size,
  durationMs: row.durationMs,
  headers: read(row.headers),
  repeats: row.repeats,
  replayOf: row.replayOf ?? undefined,
  replayedBy: row.replayedBy ?? undefined,
})
