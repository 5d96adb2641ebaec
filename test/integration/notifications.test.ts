import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sealFor, sealingKey, channelBinding } from '#lib/core/credential/index.ts'
import {
  beatFact,
  heartbeatFact,
  type ChannelConfig,
  type ChannelSecrets,
  type SecretName,
} from '#lib/core/notification/index.ts'
import { beatOnce } from '#lib/operations/work/beat-once.ts'
import { settleAlerts } from '#lib/operations/work/settle-alerts.ts'
import { patchRelease } from '#lib/operations/work/release-records.ts'
import { tellChannel } from '#lib/operations/work/tell-channel.ts'
import { startNotifyReceivers, type NotifyReceivers } from '#test/fakes/notify-receivers.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest
let receivers: NotifyReceivers

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  receivers = await startNotifyReceivers()
  worker = await startWorkerInTest(await database.fresh())
  worker.vendors.slackApi = `${receivers.url}/api`
  await worker.restart()
  await worker.origin.push({ ...chartFiles, 'releases/dev/podinfo.yaml': { text: releaseText({}) } })
  await worker.fetch()
  return () => Promise.all([worker.close(), receivers.close()])
})

const minute = 60_000
const seed = Buffer.alloc(32, 2)
const any = { kinds: [], severities: [], environments: [], applications: [] }

/** A channel that is told of everything, as the settings page leaves it. */
async function addChannel(id: string, config: ChannelConfig, secrets: ChannelSecrets) {
  const host = '127.0.0.1'
  const sealed = Object.fromEntries(
    Object.entries(secrets).map(([name, secret]) => {
      const binding = channelBinding({ id, host }, name)
      return [name as SecretName, sealFor(sealingKey(seed), secret, binding, Buffer.alloc(64, 7))]
    }),
  )
  const made = { createdAt: worker.clock.time, createdBy: 'ann@example.test' }
  await worker.store.saveChannel({ id, name: id, host, config, sealed, failures: 0, ...made })
  await worker.store.saveRule({ id: `rule-${id}`, channel: id, ...any, ...made })
}
const addSlackApp = () => addChannel('slack', { kind: 'slack-app', channel: 'C1' }, { token: 'xoxb-right' })
const addWebhook = (id = 'hook') =>
  addChannel(id, { kind: 'webhook' }, { url: `${receivers.url}/hook-${id}?key=canary-5f3d9c` })

async function health(kind: 'failing' | 'stuck' | 'progressing' | 'healthy', reason: string) {
  worker.clock.time += 1000
  await patchRelease(worker.deps, worker.release('podinfo-dev').id, { health: kind, healthReason: reason })
  await worker.settle()
}

async function raise(condition: string, detail = 'd') {
  worker.clock.time += 1000
  const scope = `test ${condition} `
  const alert = {
    key: `${scope}x`,
    kind: condition,
    severity: 'warning' as const,
    title: condition,
    detail,
    nextStep: 'n',
  }
  await settleAlerts(worker.deps, scope, { wanted: [alert], kept: [] })
  await worker.settle()
}
async function calm(condition: string) {
  await settleAlerts(worker.deps, `test ${condition} `, { wanted: [], kept: [] })
  await worker.settle()
}

const told = () =>
  receivers.received.map(({ path, body }) => `${path.split('?')[0]} ${String(body['type'] ?? '')}`.trim())
const deliveries = async (channel?: string) => (await worker.store.listDeliveries({ channel })).items
const look = async (minutes: number) => {
  worker.clock.time += minutes * minute
  worker.deps.wakeups.wake('notify')
  await worker.settle()
}

describe('one broken deployment', () => {
  it('of 22 raw events is one message, edited in place, then recovered', async () => {
    await addSlackApp()
    for (let event = 0; event < 11; event += 1) {
      await health('failing', `Pod podinfo-${event} cannot pull its image`)
      await health('progressing', 'rolling out')
    }
    expect(receivers.messages.size).toBe(1)
    const [ts = ''] = receivers.messages.keys()
    expect(JSON.stringify(receivers.messages.get(ts))).toContain('Pod podinfo-10 cannot pull its image')
    await health('healthy', 'ready')
    expect([...receivers.messages.keys()]).toEqual([ts])
    expect(JSON.stringify(receivers.messages.get(ts))).toContain('Recovered: podinfo-dev is unhealthy')
    expect(told().filter((path) => path === '/api/chat.postMessage')).toHaveLength(1)
    await worker.store.chainAudit()
    const audit = (await worker.store.listAudit({ kind: 'alert', limit: 50 })).items
    expect(audit.map(({ kind }) => kind)).toEqual(['alert.recovered', 'alert.opened'])
    expect(audit[0]).toMatchObject({ actor: 'automation', environment: 'dev', reason: 'podinfo-dev is unhealthy' })
  })

  it('is told once, whatever worker tells it', async () => {
    await addSlackApp()
    await addWebhook()
    await health('failing', 'Pod a crashed')
    const before = told()
    for (let start = 0; start < 3; start += 1) {
      await worker.restart()
      await look(1)
    }
    expect(told()).toEqual(before)
    await worker.restart()
    await health('healthy', 'ready')
    expect(told().slice(before.length).sort()).toEqual(['/api/chat.update', '/hook-hook alert.recovered'])
  })
})

describe('a channel that is away', () => {
  it('for an hour is told the newest state of each incident, once, in their order', async () => {
    await addWebhook()
    receivers.fault = { status: 503 }
    await raise('first')
    await raise('second')
    for (let text = 0; text < 50; text += 1) await raise('first', `detail ${text}`)
    for (let passed = 0; passed < 60; passed += 1) await look(1)
    await calm('second')
    // Far fewer than once for each change: 10 s, 20 s, 40 s … then every five minutes.
    expect(receivers.asked).toBeLessThan(25)
    receivers.fault = undefined
    await look(6)
    expect(receivers.received.map(({ body }) => `${String(body['kind'])} ${String(body['state'])}`)).toEqual([
      'first open',
      'second recovered',
    ])
    expect(receivers.received[0]?.body['detail']).toBe('detail 49')
    expect((await worker.store.getChannel('hook'))?.failures).toBe(0)
  })

  it('that should have told of one which is over by now tells that, once', async () => {
    await addWebhook()
    receivers.fault = { status: 503 }
    await raise('first')
    await calm('first')
    receivers.fault = undefined
    await look(10)
    await look(10)
    expect(told()).toEqual(['/hook-hook alert.recovered'])
  })

  it('that refuses one message takes those behind it', async () => {
    await addWebhook()
    receivers.fault = { status: 400, of: (text) => text.includes('first') }
    await raise('first')
    expect((await worker.store.getChannel('hook'))?.failures).toBe(1)
    await raise('second')
    await look(16)
    expect(told()).toEqual(['/hook-hook alert.open'])
    expect((await worker.store.getChannel('hook'))?.failures).toBe(0)
    const asked = receivers.asked
    await look(60)
    expect(receivers.asked).toBe(asked)
    receivers.fault = undefined
    await calm('first')
    expect(receivers.received.map(({ body }) => body['kind'])).toEqual(['second', 'first'])
  })

  it('is left alone for as long as it asks', async () => {
    await addWebhook()
    receivers.fault = { status: 429, headers: { 'retry-after': '600' }, times: 1 }
    await raise('first')
    await look(9)
    expect([receivers.asked, told()]).toEqual([1, []])
    await look(2)
    expect(told()).toEqual(['/hook-hook alert.open'])
  })

  it('is an incident, which others are told of and it is not', async () => {
    await addWebhook()
    await addChannel('broken', { kind: 'slack' }, { url: `${receivers.url}/nothing/canary-5f3d9c` })
    await raise('first')
    const open = async () => (await worker.store.listAlerts({ open: true, limit: 9 })).map(({ kind }) => kind).sort()
    expect(await open()).toEqual(['channel-failing', 'first'])
    expect(told()).toEqual(['/hook-hook alert.open', '/hook-hook alert.open'])
    await look(60)
    expect((await deliveries('broken')).map(({ alert }) => alert)).toEqual(
      (await deliveries('broken')).map(() => expect.stringMatching(/^alert/) as string),
    )
    expect(new Set((await deliveries('broken')).map(({ alert }) => alert)).size).toBe(1)
    await worker.store.removeChannel('broken')
    await tellChannel(worker.deps, 'broken')
    expect(await open()).toEqual(['first'])
  })
})

describe('a silence', () => {
  it('has nobody told until it ends; what is open then is told', async () => {
    await addWebhook()
    const silence = { id: 'sil', kind: 'first', reason: 'r', createdAt: 0, createdBy: 'ann@example.test' }
    const until = worker.clock.time + 30 * minute
    await worker.store.saveSilence({ ...silence, until })
    await raise('first')
    await raise('second')
    expect(receivers.received.map(({ body }) => body['kind'])).toEqual(['second'])
    expect(await tellChannel(worker.deps, 'hook')).toBe(until)
    await look(31)
    expect(receivers.received.map(({ body }) => body['kind'])).toEqual(['second', 'first'])
  })
})

describe('what is told', () => {
  it('holds no secret of a release, and the log none of the channel', async () => {
    await addWebhook()
    worker.deps.memory.secrets.add('rel', ['hunter2-canary'])
    receivers.fault = { status: 500, body: 'no: /hook-hook?key=canary-5f3d9c', times: 1 }
    await raise('first', 'It said hunter2-canary.')
    await look(5)
    expect(receivers.received.at(-1)?.body['detail']).toBe('It said ••••••••.')
    const log = await deliveries('hook')
    expect(log.map(({ outcome, what }) => `${what} ${outcome}`)).toEqual(['message sent', 'message failed'])
    expect(JSON.stringify(log)).not.toContain('canary')
    expect(JSON.stringify(await worker.store.listChannels())).not.toContain('canary')
  })

  it('is noted before it goes out, so that one that was cut short is seen', async () => {
    await addWebhook()
    worker.deps.notifier = { ...worker.deps.notifier, send: () => Promise.reject(new Error('killed')) }
    await raise('first').catch(() => undefined)
    expect((await deliveries('hook')).map(({ outcome }) => outcome)).toEqual(['sending'])
    await worker.restart()
    await look(1)
    expect(told()).toEqual(['/hook-hook alert.open'])
  })

  it('tells another place that Wheelhouse is alive, as often as it was asked to, and no more once it is not', async () => {
    const row = { id: 'hbt', host: '127.0.0.1' }
    const sealed = sealFor(
      sealingKey(seed),
      `${receivers.url}/hook-beat/canary-5f3d9c`,
      channelBinding(row, 'url'),
      Buffer.alloc(64, 7),
    )
    expect(await beatOnce(worker.deps)).toBeUndefined()
    await worker.store.setFact(heartbeatFact, { ...row, everyMinutes: 5, sealed, createdBy: 'ann@example.test' })
    const begun = worker.clock.time
    expect(await beatOnce(worker.deps)).toBe(begun + 5 * minute)
    expect(await beatOnce(worker.deps)).toBe(begun + 5 * minute)
    expect(receivers.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /hook-beat/canary-5f3d9c'])
    worker.clock.time += 5 * minute
    receivers.fault = { status: 500, body: 'no: /hook-beat/canary-5f3d9c', times: 1 }
    expect(await beatOnce(worker.deps)).toBe(worker.clock.time + minute)
    expect(JSON.stringify(await worker.store.getFact(beatFact))).not.toContain('canary')
    worker.clock.time += minute
    worker.deps.lease = { ...worker.deps.lease, assertHeld: () => expect.unreachable('not ours any more') }
    await expect(beatOnce(worker.deps)).rejects.toThrow('not ours any more')
    expect(receivers.asked).toBe(2)
  })

  it('says that somebody looks after it', async () => {
    await addWebhook()
    await raise('first')
    const [alert] = await worker.store.listAlerts({ open: true, limit: 1 })
    await worker.store.acknowledgeAlert(alert?.id ?? '', 'ann@example.test', worker.clock.time)
    await look(1)
    expect(told()).toEqual(['/hook-hook alert.open', '/hook-hook alert.acknowledged'])
  })
})
