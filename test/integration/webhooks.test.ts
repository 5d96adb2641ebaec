import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WakeTopic } from '#lib/ports/wakeups.ts'
import { signature } from '#test/fixtures/hook-signature.ts'
import { deliver, deliverSigned, listed, makeHook, verdicts } from '#test/fixtures/hooks-in-test.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { call, errorOf, startWebInTest, type WebInTest } from '#test/fixtures/web-in-test.ts'
import * as one from '../../app/api/v1/webhooks/[id]/route.ts'
import * as rotate from '../../app/api/v1/webhooks/[id]/rotate/route.ts'
import * as webhooks from '../../app/api/v1/webhooks/route.ts'
import * as delivery from '../../app/api/v1/webhooks/deliveries/[id]/route.ts'
import * as replay from '../../app/api/v1/webhooks/deliveries/[id]/replay/route.ts'

const push = (branch = 'main', full_name = 'acme/fleet') => ({
  ref: `refs/heads/${branch}`,
  after: 'c'.repeat(40),
  repository: { full_name },
  pusher: { name: 'ann', token: 'canary-of-payload' },
})

let database: TestDatabase
let web: WebInTest
let woken: string[]

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  web = await startWebInTest(await database.fresh())
  web.deps.shown = { ...web.deps.shown, repository: 'https://github.com/acme/fleet.git' }
  woken = []
  const { wake } = web.deps.wakeups
  web.deps.wakeups.wake = (topic: WakeTopic, key = '') => {
    if (topic !== 'outbox' && topic !== 'webhook') woken.push(`${topic} ${key}`.trim())
    wake(topic, key)
  }
  return () => web.close()
})

describe('a delivery of GitHub', () => {
  it('that is signed is acknowledged, written down and handed on', async () => {
    const hook = await makeHook(web, 'github')
    const response = await deliverSigned(hook, 'push', push(), 'd-1')
    expect([response.status, await response.json()]).toEqual([202, { accepted: true, verdict: 'handled' }])
    expect(woken).toEqual(['fetch'])
    expect(await listed(web)).toMatchObject([{ event: 'push', delivery: 'd-1', hook: hook.webhook.id, repeats: 0 }])
    expect(await web.store.wasAnnounced('c'.repeat(40))).toBe(true)
  })

  it('is turned away where it is forged, not signed, or signed by SHA-1 alone; all are counted, one is listed', async () => {
    const hook = await makeHook(web, 'github')
    const body = JSON.stringify(push())
    const bad: Record<string, string>[] = [
      { 'x-hub-signature-256': signature(body, 'another secret') },
      { 'x-hub-signature-256': signature(`${body} `, hook.secret) },
      {},
      { 'x-hub-signature': 'sha1=0000' },
      { authorization: `Bearer ${hook.secret}` },
    ]
    for (const headers of bad) {
      const response = await deliver(hook, { event: 'push', delivery: 'd-1', body, headers })
      expect(response.status).toBe(401)
    }
    expect(woken).toEqual([])
    expect(await verdicts(web)).toEqual(['push refused: The signature does not fit.'])
    expect((await web.store.getWebhook(hook.webhook.id))?.refused).toBe(bad.length)
    // A forged delivery does not stand in the way of the true one of the same name.
    expect((await deliverSigned(hook, 'push', push(), 'd-1')).status).toBe(202)
    expect(woken).toEqual(['fetch'])
  })

  it('that comes twice, even at once, is acknowledged and handled once', async () => {
    const hook = await makeHook(web, 'github')
    const times = await Promise.all([1, 2, 3].map(() => deliverSigned(hook, 'push', push(), 'd-1')))
    expect(times.map(({ status }) => status)).toEqual([202, 202, 202])
    const said = await Promise.all(
      times.map(async (response) => ((await response.json()) as { verdict: string }).verdict),
    )
    expect(said.toSorted()).toEqual(['duplicate', 'duplicate', 'handled'])
    expect(woken).toEqual(['fetch'])
    expect(await listed(web)).toMatchObject([{ delivery: 'd-1', repeats: 2 }])
  })

  it('that comes out of order wakes the same: what it says is not believed', async () => {
    const hook = await makeHook(web, 'github')
    for (const [name, after] of [
      ['newer', 'b'],
      ['older', 'a'],
    ] as const)
      await deliverSigned(hook, 'push', { ...push(), after: after.repeat(40) }, name)
    expect(woken).toEqual(['fetch', 'fetch'])
  })

  it('of another branch, repository or an unknown event wakes nobody and says why', async () => {
    const hook = await makeHook(web, 'github')
    await deliverSigned(hook, 'push', push('feature'), 'd-1')
    await deliverSigned(hook, 'push', push('main', 'acme/other'), 'd-2')
    await deliverSigned(hook, 'star', {}, 'd-3')
    await deliverSigned(hook, 'ping', { zen: 'x' }, 'd-4')
    expect(woken).toEqual([])
    expect(await verdicts(web)).toEqual([
      'ping handled',
      'star ignored: unknown event star',
      'push ignored: acme/other is not the config repository',
      'push ignored: branch feature, not main',
    ])
  })

  it('that is no JSON is refused once its signature fits', async () => {
    const hook = await makeHook(web, 'github')
    const headers = { 'x-hub-signature-256': signature('{"ref": nope', hook.secret) }
    expect((await deliver(hook, { event: 'push', body: '{"ref": nope', headers })).status).toBe(400)
    expect(await verdicts(web)).toEqual([expect.stringMatching(/^push refused: The body is not JSON/)])
  })

  it('to a webhook that is not there is turned away', async () => {
    const { webhook, secret } = await makeHook(web, 'github')
    await call(one.DELETE, 'DELETE', { as: web.tokens.admin, params: { id: webhook.id } })
    expect((await deliverSigned({ webhook, secret }, 'push', push(), 'd-1')).status).toBe(404)
    expect(await listed(web)).toEqual([])
  })
})

describe('a body without end', () => {
  /** 1 GiB in pieces; tells how much of it was taken. */
  function endless() {
    const piece = new Uint8Array(65_536).fill(32)
    const total = 1024 * 1024 * 1024
    const taken = { bytes: 0 }
    const body = new ReadableStream<Uint8Array>(
      {
        pull(sink) {
          if (taken.bytes >= total) return sink.close()
          taken.bytes += piece.length
          sink.enqueue(piece)
        },
      },
      { highWaterMark: 0 },
    )
    return { body, taken }
  }

  it.each([
    ['not signed is not read at all', {}, 401, 0],
    [
      'of a declared length is not read at all',
      { 'content-length': String(2 ** 30), 'x-hub-signature-256': 'x' },
      413,
      0,
    ],
    ['signed by anybody is read to the cap', { 'x-hub-signature-256': 'x' }, 413, 1024 * 1024 + 65_536],
  ])('%s', async (_label, headers, status, most) => {
    const hook = await makeHook(web, 'github')
    const { body, taken } = endless()
    const response = await deliver(hook, { event: 'push', body, headers: headers as Record<string, string> })
    expect(response.status).toBe(status)
    expect(taken.bytes).toBeLessThanOrEqual(most)
  })
})

describe('a delivery of a registry', () => {
  const events = [{ action: 'push', target: { repository: 'team/app' }, request: { host: 'registry.local:5000' } }]
  beforeEach(async () => {
    const uses = ['registry.local:5000/team/app', 'registry.local:5000/team/other', 'index.docker.io/acme/web']
    await web.store.watchRepositories(uses.map((name) => ({ name, usedBy: ['r'] })))
    await web.store.saveImageRepository({ name: 'registry.local:5000/team/app', tagCount: 0, nextScanAt: 9e12 })
  })

  it('has exactly the repository scanned that was pushed to, also if nobody is awake', async () => {
    const hook = await makeHook(web, 'distribution')
    const headers = { authorization: `Bearer ${hook.secret}` }
    expect((await deliver(hook, { body: JSON.stringify({ events }), headers })).status).toBe(202)
    expect(woken).toEqual(['scan registry.local:5000/team/app'])
    const due = await web.store.getImageRepository('registry.local:5000/team/app')
    expect(due?.nextScanAt).toBeLessThanOrEqual(Date.now())
    expect(await verdicts(web)).toEqual(['push handled'])
  })

  it('has the secret in its header, as it was entered, or in its address where it can have no header', async () => {
    const harbor = await makeHook(web, 'harbor')
    const hub = await makeHook(web, 'dockerhub')
    const body = JSON.stringify({ push_data: { tag: 'v1' }, repository: { repo_name: 'acme/web' } })
    const statuses = [
      await deliver(harbor, { body, headers: { authorization: harbor.secret } }),
      await deliver(harbor, { body, query: `?token=${harbor.secret}` }),
      await deliver(hub, { body, query: `?token=${hub.secret}` }),
      await deliver(hub, { body, query: '?token=guessed' }),
      await deliver(hub, { body, query: `?token=${harbor.secret}` }),
    ].map(({ status }) => status)
    expect(statuses).toEqual([202, 401, 202, 401, 401])
    expect(woken).toContain('scan index.docker.io/acme/web')
  })
})

describe('a rotated secret', () => {
  it('is accepted beside the one before, until that one is over', async () => {
    const hook = await makeHook(web, 'github')
    const body = JSON.stringify({ overlapMinutes: 60 })
    const rotated = await call(rotate.POST, 'POST', { as: web.tokens.admin, params: { id: hook.webhook.id }, body })
    const { secret } = (await rotated.json()) as { secret: string }
    expect(secret).not.toBe(hook.secret)
    expect((await deliverSigned(hook, 'push', push(), 'd-1')).status).toBe(202)
    expect((await deliverSigned(hook, 'push', push(), 'd-2', secret)).status).toBe(202)
    const { now } = web.deps.clock
    web.deps.clock.now = () => now() + 3_600_000
    expect((await deliverSigned(hook, 'push', push(), 'd-3')).status).toBe(401)
    expect((await deliverSigned(hook, 'push', push(), 'd-4', secret)).status).toBe(202)
    web.deps.clock.now = now
  })
})

describe('a replay', () => {
  it('decides by what is followed now, and says whose it was', async () => {
    const hook = await makeHook(web, 'github')
    await deliverSigned(hook, 'push', push('next'), 'd-1')
    const [first] = await listed(web)
    web.deps.shown = { ...web.deps.shown, branch: 'next' }
    const response = await call(replay.POST, 'POST', { as: web.tokens.admin, params: { id: first?.id } })
    expect([response.status, await response.json()]).toMatchObject([200, { verdict: { kind: 'handled' } }])
    expect(woken).toEqual(['fetch'])
    expect(await listed(web)).toMatchObject([
      { replayOf: first?.id, replayedBy: expect.any(String) },
      { delivery: 'd-1' },
    ])
    await web.store.chainAudit()
    const { items } = await web.store.listAudit({ kind: 'webhook' })
    expect(items.map(({ kind }) => kind)).toEqual(['webhook.replayed', 'webhook.created'])
  })

  it('of one that was refused is not done', async () => {
    const hook = await makeHook(web, 'github')
    await deliver(hook, { event: 'push', body: JSON.stringify(push()) })
    const [refused] = await listed(web)
    const response = await call(replay.POST, 'POST', { as: web.tokens.admin, params: { id: refused?.id } })
    expect([response.status, (await errorOf(response)).code]).toEqual([409, 'conflict'])
    expect(woken).toEqual([])
  })
})

describe('secrets', () => {
  it('are in one answer and nowhere else, those of payloads and headers in none', async () => {
    const hook = await makeHook(web, 'github')
    await deliverSigned(hook, 'push', { ...push(), note: `it is ${hook.secret}` }, 'd-1')
    await deliver(hook, { event: 'push', body: '{}', headers: { authorization: `Bearer ${hook.secret}` } })
    const ids = (await listed(web)).map(({ id }) => id)
    const details = await Promise.all(
      ids.map((id) => call(delivery.GET, 'GET', { as: web.tokens.admin, params: { id } })),
    )
    const hooks = await call(webhooks.GET, 'GET', { as: web.tokens.admin })
    await web.store.chainAudit()
    const texts = await Promise.all([...details, hooks].map((response) => response.text()))
    const all = [...texts, JSON.stringify([await web.store.listWebhooks(), await web.store.readChain(1, 100)])].join()
    expect(all).toContain('acme/fleet')
    expect(all).not.toContain(hook.secret)
    expect(all).not.toContain('canary-of-payload')
    expect(all).not.toContain(signature(JSON.stringify(push()), hook.secret))
  })
})

describe('the list of deliveries', () => {
  it('pages by key and keeps to a webhook', async () => {
    const [one, other] = [await makeHook(web, 'github'), await makeHook(web, 'github')]
    for (const name of ['d-1', 'd-2', 'd-3']) await deliverSigned(one, 'ping', {}, name)
    await deliverSigned(other, 'ping', {}, 'd-1')
    const first = await web.store.listHookDeliveries({ hook: one.webhook.id, limit: 2 })
    const rest = await web.store.listHookDeliveries({ hook: one.webhook.id, limit: 2, after: first.next })
    expect([first, rest].map(({ items }) => items.map((item) => item.delivery))).toEqual([['d-3', 'd-2'], ['d-1']])
    expect(rest.next).toBeUndefined()
  })

  it('forgets what is older than 30 days', async () => {
    const hook = await makeHook(web, 'github')
    await deliverSigned(hook, 'ping', {}, 'd-1')
    await web.store.pruneHistory(Date.now() + 29 * 86_400_000)
    expect(await listed(web)).toHaveLength(1)
    await web.store.pruneHistory(Date.now() + 31 * 86_400_000)
    expect(await listed(web)).toEqual([])
  })
})
