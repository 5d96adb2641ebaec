import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sealingKey } from '#lib/core/credential/index.ts'
import { openChannel } from '#lib/operations/work/open-channel.ts'
import { sealingKeyFact } from '#lib/operations/request/seal-for-worker.ts'
import { administer, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { call, errorOf, startWebInTest, type WebInTest } from '#test/fixtures/web-in-test.ts'
import * as acknowledge from '../../app/api/v1/alerts/[id]/acknowledge/route.ts'
import * as alerts from '../../app/api/v1/alerts/route.ts'
import * as channel from '../../app/api/v1/notifications/channels/[id]/route.ts'
import * as channels from '../../app/api/v1/notifications/channels/route.ts'
import * as ruleRoute from '../../app/api/v1/notifications/rules/[id]/route.ts'
import * as preview from '../../app/api/v1/notifications/rules/preview/route.ts'
import * as rules from '../../app/api/v1/notifications/rules/route.ts'
import * as silence from '../../app/api/v1/silences/[id]/route.ts'
import * as silences from '../../app/api/v1/silences/route.ts'

const secret = 'canary-5f3d9c'
const seed = Buffer.alloc(32, 2)
const settings = { credentialSeed: seed.toString('base64url') } as Parameters<typeof openChannel>[0]['settings']

let database: TestDatabase
let url: string
let web: WebInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  url = await database.fresh()
  web = await startWebInTest(url)
  await web.store.setFact(sealingKeyFact, sealingKey(seed))
  return () => web.close()
})

const hook = (more: object = {}) => ({
  name: 'ops',
  config: { kind: 'webhook' },
  secrets: { url: `https://hooks.example.test/${secret}`, signingKey: `${secret}-key` },
  ...more,
})
const create = (body: object, as = web.tokens.admin) => call(channels.POST, 'POST', { as, body: JSON.stringify(body) })
const change = (id: string, body: object) =>
  call(channel.POST, 'POST', { as: web.tokens.admin, params: { id }, body: JSON.stringify(body) })
const list = async () => (await call(channels.GET, 'GET', { as: web.tokens.admin })).text()
const made = async (body: object = hook()) => ((await (await create(body)).json()) as { id: string }).id
const opened = async (id: string) => {
  const record = await web.store.getChannel(id)
  return record && openChannel({ settings }, record).secrets
}
const audit = async () => {
  await web.store.chainAudit()
  return web.store.readChain(1, 100)
}

describe('a channel', () => {
  it('has secrets that leave in no answer, and that the worker alone can read', async () => {
    const answer = await (await create(hook())).text()
    const { id, secrets } = JSON.parse(answer) as { id: string; secrets: string[] }
    expect(secrets.sort()).toEqual(['signingKey', 'url'])
    const rows = JSON.stringify(await administer(url, 'SELECT * FROM notify_channel'))
    for (const text of [answer, await list(), rows, JSON.stringify(await audit())]) expect(text).not.toContain(secret)
    expect(await opened(id)).toEqual(hook().secrets)
  })

  it('at GitHub needs nothing but a name', async () => {
    const answer = await create({ name: 'repository', config: { kind: 'github' }, secrets: {} })
    expect(await answer.json()).toMatchObject({ host: 'the repository', config: { kind: 'github' }, secrets: [] })
  })

  it('that is changed keeps them for the same host', async () => {
    const id = await made()
    expect((await change(id, hook({ name: 'other', secrets: {} }))).status).toBe(200)
    expect(await opened(id)).toEqual(hook().secrets)
    const moved = { url: 'https://hooks.example.test/other' }
    expect((await change(id, hook({ secrets: moved }))).status).toBe(200)
    expect(await opened(id)).toEqual({ ...moved, signingKey: `${secret}-key` })
  })

  it('that goes to another host takes none along', async () => {
    const id = await made()
    const elsewhere = { url: 'https://evil.example.test/x' }
    expect((await change(id, hook({ secrets: elsewhere }))).status).toBe(200)
    expect(await opened(id)).toEqual(elsewhere)
    const mail = { kind: 'email', port: 587, tls: 'starttls', from: 'a@x.test', to: ['b@x.test'] }
    const other = await made({ name: 'mail', host: 'a.example.test', config: mail, secrets: { password: secret } })
    await change(other, { name: 'mail', host: 'b.example.test', config: mail, secrets: {} })
    expect(await opened(other)).toEqual({})
  })

  it('stays of its kind: what it said could not be edited by another', async () => {
    const response = await change(await made(), hook({ config: { kind: 'discord' } }))
    expect((await errorOf(response)).message).toBe('A channel stays of its kind.')
  })

  it('whose row is moved to another host cannot be opened', async () => {
    const id = await made()
    await administer(url, `UPDATE notify_channel SET host = 'evil.example.test'`)
    await expect(opened(id)).rejects.toThrow('cannot be decrypted')
  })

  const rows: [label: string, body: object, status: number, message: string][] = [
    ['no address', hook({ secrets: {} }), 400, 'no address that can be called'],
    ['an address that is none', hook({ secrets: { url: 'nonsense' } }), 400, 'no address that can be called'],
    ['a name and password in it', hook({ secrets: { url: 'https://a:b@x.test' } }), 400, 'no address'],
    [
      'no token',
      { name: 'x', config: { kind: 'slack-app', channel: 'C1' }, secrets: {} },
      400,
      'token of the bot is needed',
    ],
    ['another kind', hook({ config: { kind: 'pigeon' } }), 400, 'body.config'],
    ['a name that is taken', hook(), 409, 'There is a channel ops already'],
  ]
  it.each(rows)('is refused with %s', async (label, body, status, message) => {
    if (label === 'a name that is taken') await made()
    const response = await create(body)
    expect([response.status, (await errorOf(response)).message]).toEqual([status, expect.stringContaining(message)])
  })

  it('takes its rules along when it is removed', async () => {
    const id = await made()
    const rule = { channel: id, severities: ['critical'] }
    const added = await call(rules.POST, 'POST', { as: web.tokens.admin, body: JSON.stringify(rule) })
    const { id: one } = (await added.json()) as { id: string }
    const changed = {
      as: web.tokens.admin,
      params: { id: one },
      body: JSON.stringify({ ...rule, kinds: ['unhealthy'] }),
    }
    expect((await call(ruleRoute.POST, 'POST', changed)).status).toBe(200)
    expect(await web.store.listRules()).toMatchObject([{ id: one, kinds: ['unhealthy'], severities: ['critical'] }])
    await call(channel.DELETE, 'DELETE', { as: web.tokens.admin, params: { id } })
    expect(await web.store.listRules()).toEqual([])
    const kinds = (await audit()).map(({ kind }) => kind)
    expect(kinds).toEqual([
      'notify-channel.saved',
      'notify-rule.saved',
      'notify-rule.changed',
      'notify-channel.removed',
    ])
  })
})

const content = { kind: 'unhealthy', severity: 'warning', environment: 'prod', detail: 'd', nextStep: 'n' } as const
const raise = async (key: string) => (await web.store.openAlert({ ...content, key, title: key }, Date.now())).alert.id

describe('an incident', () => {
  it('is acknowledged once, and says by whom', async () => {
    const id = await raise('a')
    const press = () => call(acknowledge.POST, 'POST', { as: web.tokens.deployer, params: { id } })
    const first = (await (await press()).json()) as { acknowledgedBy: string }
    expect(first.acknowledgedBy).toContain('@')
    expect((await press()).status).toBe(200)
    expect((await audit()).map(({ kind, actor }) => [kind, actor])).toEqual([
      ['alert.acknowledged', first.acknowledgedBy],
    ])
    await web.store.recoverAlert('a', Date.now())
    const over = await raise('b')
    await web.store.recoverAlert('b', Date.now())
    const late = await call(acknowledge.POST, 'POST', { as: web.tokens.deployer, params: { id: over } })
    expect((await errorOf(late)).message).toBe('This incident is over.')
  })

  it('is shown under a silence, which ends early when somebody says so', async () => {
    await raise('a')
    const until = Date.now() + 3_600_000
    const body = JSON.stringify({ environment: 'prod', until, reason: 'at noon' })
    const made = await call(silences.POST, 'POST', { as: web.tokens.deployer, body })
    const { id } = (await made.json()) as { id: string }
    const shown = async () =>
      ((await (await call(alerts.GET, 'GET', { as: web.tokens.viewer })).json()) as { items: object[] }).items
    expect(await shown()).toMatchObject([{ title: 'a', silencedUntil: until }])
    const end = () => call(silence.DELETE, 'DELETE', { as: web.tokens.deployer, params: { id } })
    expect((await end()).status).toBe(200)
    expect((await end()).status).toBe(409)
    expect((await shown())[0]).not.toHaveProperty('silencedUntil')
    expect((await audit()).map(({ kind, reason }) => [kind, reason])).toEqual([
      ['alert.silenced', 'at noon'],
      ['alert.silence-ended', 'at noon'],
    ])
  })

  const hour = 3_600_000
  const rows: [label: string, body: () => object, message: string][] = [
    ['about everything', () => ({ until: Date.now() + hour, reason: 'r' }), 'what it is about'],
    ['that is over', () => ({ kind: 'x', until: Date.now() - 1, reason: 'r' }), 'over before it begins'],
    ['for ever', () => ({ kind: 'x', until: Date.now() + 31 * 24 * hour, reason: 'r' }), '30 days'],
    ['without a reason', () => ({ kind: 'x', until: Date.now() + hour, reason: ' ' }), 'body.reason'],
  ]
  it.each(rows)('is not silenced by one %s', async (_label, body, message) => {
    const response = await call(silences.POST, 'POST', { as: web.tokens.deployer, body: JSON.stringify(body()) })
    expect([response.status, (await errorOf(response)).message]).toEqual([400, expect.stringContaining(message)])
  })
})

it('the preview of a rule shows what it would have told in 30 days', async () => {
  await raise('a')
  await web.store.openAlert({ ...content, key: 'old', title: 'old' }, Date.now() - 31 * 86_400_000)
  const ask = async (body: object) =>
    (await call(preview.POST, 'POST', { as: web.tokens.admin, body: JSON.stringify(body) })).json()
  expect(await ask({ environments: ['prod'] })).toMatchObject({ looked: 1, matched: 1, shown: [{ title: 'a' }] })
  expect(await ask({ environments: ['dev'] })).toMatchObject({ looked: 1, matched: 0, shown: [] })
})
