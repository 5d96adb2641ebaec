import { Fault } from '../../core/fault/index.ts'
import type { ChannelRecord, NotificationStore, RuleRecord } from '../../ports/store/index.ts'
import { date, dateOrNull, json, ms, msOrNothing, read } from './columns.ts'
import type { NotifyChannel, NotifyRule } from './generated/client.ts'
import { announce } from './session.ts'
import type { Db, Session } from './session.ts'

type ChannelStore = Pick<
  NotificationStore,
  | 'listChannels'
  | 'getChannel'
  | 'saveChannel'
  | 'noteChannel'
  | 'removeChannel'
  | 'listRules'
  | 'saveRule'
  | 'removeRule'
>

/** Channels and the rules that lead to them. */
export function channelStore(session: Session): ChannelStore {
  return { ...channels(session), ...rules(session) }
}

type RuleStore = Pick<ChannelStore, 'listRules' | 'saveRule' | 'removeRule'>

function channels(session: Session): Omit<ChannelStore, keyof RuleStore> {
  const { db, clock } = session
  const changed = (tx: Db) => announce(tx, 'system', 'notify-channels', clock.now())
  return {
    async listChannels() {
      return (await db.notifyChannel.findMany({ orderBy: { name: 'asc' } })).map(toChannel)
    },
    async getChannel(id) {
      const row = await db.notifyChannel.findUnique({ where: { id } })
      return row ? toChannel(row) : undefined
    },
    async saveChannel({ id, ...channel }) {
      const columns = columnsOf(channel)
      await session.atomically(async (tx) => {
        const taken = await tx.notifyChannel.findFirst({ where: { name: channel.name, id: { not: id } } })
        if (taken) throw new Fault('conflict', `There is a channel ${channel.name} already.`)
        await tx.notifyChannel.upsert({ where: { id }, create: { id, ...columns }, update: columns })
        await changed(tx)
      })
    },
    async noteChannel(id, { failures, retryAt, problem }) {
      const data = { failures, retryAt: dateOrNull(retryAt), problem: problem ?? null }
      await session.atomically(async (tx) => {
        const before = await tx.notifyChannel.findUnique({ where: { id }, select: { failures: true, problem: true } })
        await tx.notifyChannel.updateMany({ where: { id }, data })
        if (before?.failures !== failures || before.problem !== data.problem) await changed(tx)
      })
    },
    async removeChannel(id) {
      await session.atomically(async (tx) => {
        await tx.notifyRule.deleteMany({ where: { channel: id } })
        await tx.notification.deleteMany({ where: { channel: id } })
        await tx.notifyChannel.deleteMany({ where: { id } })
        await changed(tx)
      })
    },
  }
}

function rules(session: Session): RuleStore {
  const { db, clock } = session
  const changed = (tx: Db) => announce(tx, 'system', 'notify-rules', clock.now())
  return {
    async listRules() {
      return (await db.notifyRule.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })).map(toRule)
    },
    async saveRule({ id, ...rule }) {
      const columns = {
        channel: rule.channel,
        kinds: [...rule.kinds],
        severities: [...rule.severities],
        environments: [...rule.environments],
        applications: [...rule.applications],
        createdAt: date(rule.createdAt),
        createdBy: rule.createdBy,
      }
      await session.atomically(async (tx) => {
        await tx.notifyRule.upsert({ where: { id }, create: { id, ...columns }, update: columns })
        await changed(tx)
      })
    },
    async removeRule(id) {
      await session.atomically(async (tx) => {
        await tx.notifyRule.deleteMany({ where: { id } })
        await changed(tx)
      })
    },
  }
}

const columnsOf = (channel: Omit<ChannelRecord, 'id'>) => ({
  name: channel.name,
  kind: channel.config.kind,
  host: channel.host,
  config: json(channel.config),
  sealed: json(channel.sealed),
  createdAt: date(channel.createdAt),
  createdBy: channel.createdBy,
  failures: channel.failures,
  retryAt: dateOrNull(channel.retryAt),
  problem: channel.problem ?? null,
})

const toChannel = (row: NotifyChannel): ChannelRecord => ({
  id: row.id,
  name: row.name,
  host: row.host,
  config: read(row.config),
  sealed: read(row.sealed),
  createdAt: ms(row.createdAt),
  createdBy: row.createdBy,
  failures: row.failures,
  retryAt: msOrNothing(row.retryAt),
  problem: row.problem ?? undefined,
})

const toRule = (row: NotifyRule): RuleRecord => ({
  id: row.id,
  channel: row.channel,
  kinds: row.kinds,
  severities: row.severities,
  environments: row.environments,
  applications: row.applications,
  createdAt: ms(row.createdAt),
  createdBy: row.createdBy,
})
