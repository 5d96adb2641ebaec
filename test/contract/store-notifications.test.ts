import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelRecord, DeliveryRecord, Store } from '#lib/ports/store/index.ts'
import { openTestStore, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'

let database: TestDatabase
let store: Store
beforeAll(async () => {
  database = await startTestDatabase()
})
beforeEach(async () => {
  ;({ store } = await openTestStore(await database.fresh()))
  return () => store.close()
})
afterAll(() => database.stop())

const channel = (id: string, more: Partial<ChannelRecord> = {}): ChannelRecord => ({
  id,
  name: id,
  host: 'smtp.example.test',
  config: { kind: 'email', port: 587, tls: 'starttls', from: 'a@example.test', to: ['b@example.test'] },
  sealed: { password: 'wh1.x' },
  createdAt: 1000,
  createdBy: 'ann@example.test',
  failures: 0,
  ...more,
})
const rule = (id: string, to: string) => ({
  id,
  channel: to,
  kinds: ['unhealthy'],
  severities: [],
  environments: ['prod'],
  applications: [],
  createdAt: 1000,
  createdBy: 'ann@example.test',
})
const raise = async (key: string, at: number) => {
  const content = { key, kind: 'k', severity: 'warning', title: key, detail: 'd', nextStep: 'n' } as const
  return (await store.openAlert(content, at)).alert.id
}

describe('channels', () => {
  it('come back as they were saved, by name, until they are removed with their rules', async () => {
    await store.saveChannel(channel('b'))
    await store.saveChannel(channel('a', { retryAt: 5000, failures: 2, problem: 'p' }))
    await store.saveRule(rule('r1', 'a'))
    await store.saveRule(rule('r2', 'b'))
    expect(await store.listChannels()).toEqual([
      channel('a', { retryAt: 5000, failures: 2, problem: 'p' }),
      channel('b'),
    ])
    await store.removeChannel('a')
    expect(await store.getChannel('a')).toBeUndefined()
    expect(await store.listRules()).toEqual([rule('r2', 'b')])
    await store.noteChannel('a', { failures: 1 })
    expect(await store.getChannel('a')).toBeUndefined()
  })

  it('have names of their own', async () => {
    await store.saveChannel(channel('a'))
    await expect(store.saveChannel(channel('b', { name: 'a' }))).rejects.toMatchObject({ code: 'conflict' })
    await store.saveChannel(channel('a', { host: 'other.example.test' }))
    expect((await store.listChannels()).map(({ host }) => host)).toEqual(['other.example.test'])
  })
})

describe('what a channel may have to be told', () => {
  it('is what is open, and what is over without its knowing, oldest first', async () => {
    const open = await raise('open', 3000)
    const over = await raise('over', 1000)
    const known = await raise('known', 2000)
    await raise('never heard of', 500)
    for (const key of ['over', 'known', 'never heard of']) await store.recoverAlert(key, 4000)
    const told = { channel: 'a', told: { state: 'open', version: 1 } as const, handle: { ts: '1.2' } }
    await store.saveNotification({ ...told, alert: over })
    await store.saveNotification({ ...told, alert: known, told: { state: 'recovered', version: 2 } })
    await store.saveNotification({ alert: open, channel: 'a' })
    await store.saveNotification({ ...told, alert: known, channel: 'b' })
    const incidents = await store.incidentsFor('a')
    expect(incidents.map(({ alert }) => alert.id)).toEqual([over, open])
    expect(incidents.map((incident) => incident.known)).toEqual([
      { ...told, alert: over },
      { alert: open, channel: 'a', told: undefined, handle: undefined },
    ])
    expect((await store.incidentsFor('c')).map(({ alert }) => alert.id)).toEqual([open])
  })
})

describe('silences', () => {
  it('in force are those that neither ran out nor were ended', async () => {
    const silence = { kind: 'k', reason: 'r', createdAt: 1000, createdBy: 'ann@example.test' }
    await store.saveSilence({ ...silence, id: 's1', until: 2000 })
    await store.saveSilence({ ...silence, id: 's2', until: 9000 })
    await store.saveSilence({ ...silence, id: 's3', until: 9000, endedAt: 1500, endedBy: 'bea@example.test' })
    expect((await store.listSilences({ inForceAt: 2000, limit: 9 })).map(({ id }) => id)).toEqual(['s2'])
    expect((await store.listSilences({ limit: 9 })).map(({ id }) => id)).toEqual(['s3', 's2', 's1'])
    expect(await store.getSilence('s3')).toMatchObject({ endedAt: 1500, endedBy: 'bea@example.test' })
  })
})

describe('deliveries', () => {
  const dayMs = 86_400_000
  const now = Date.parse('2026-03-01T12:00:00Z')
  const delivery = (id: string, at: number, to = 'a'): DeliveryRecord => ({
    id,
    channel: to,
    alert: undefined,
    at,
    what: 'message',
    outcome: 'sending',
    reason: undefined,
    tookMs: undefined,
  })

  it('come in pages, newest first, as they ended', async () => {
    for (const [id, at] of [
      ['d1', 1000],
      ['d2', 2000],
      ['d3', 2000],
    ] as const)
      await store.saveDelivery(delivery(id, at))
    await store.saveDelivery(delivery('other', 3000, 'b'))
    await store.saveDelivery({ ...delivery('d3', 2000), outcome: 'failed', reason: '503', tookMs: 12 })
    const first = await store.listDeliveries({ channel: 'a', limit: 2 })
    const second = await store.listDeliveries({ channel: 'a', limit: 2, after: first.next })
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['d3', 'd2', 'd1'])
    expect(first.items[0]).toMatchObject({ outcome: 'failed', reason: '503', tookMs: 12 })
    expect(second.next).toBeUndefined()
  })

  it('of more than 30 days ago are forgotten', async () => {
    await store.saveDelivery(delivery('old', now - 31 * dayMs))
    await store.saveDelivery(delivery('young', now - 29 * dayMs))
    await store.pruneHistory(now)
    expect((await store.listDeliveries({})).items.map(({ id }) => id)).toEqual(['young'])
  })
})
