import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWakeups } from '#lib/adapters/postgres/index.ts'
import { LiveEvents } from '#lib/server/live-events.ts'
import { provideWebDeps } from '#lib/server/web-deps.ts'
import * as events from '../../app/api/events/route.ts'
import * as gitHook from '../../app/api/webhooks/git/route.ts'
import * as registryHook from '../../app/api/webhooks/registry/route.ts'
import { silentLog, startTestDatabase } from '../fixtures/test-database.ts'
import type { TestDatabase } from '../fixtures/test-database.ts'
import { call, hookSecret, startWebInTest } from '../fixtures/web-in-test.ts'
import type { WebInTest } from '../fixtures/web-in-test.ts'

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
  return () => web.close()
})

describe('webhooks', () => {
  const notification = JSON.stringify({
    events: [{ action: 'push', target: { repository: 'podinfo' }, request: { host: 'localhost:5000' } }],
  })

  it('wake the worker to scan the watched repository, under the name it is watched by', async () => {
    const worker = await createWakeups({ url, log: silentLog })
    const woken = new Promise<string>((resolve) => void worker.on('scan', (key) => key !== '' && resolve(key)))
    await web.store.watchRepositories([{ name: '127.0.0.1:5000/podinfo', usedBy: [] }])
    const response = await call(registryHook.POST, 'POST', { as: hookSecret, body: notification })
    expect(response.status).toBe(202)
    expect(await woken).toBe('127.0.0.1:5000/podinfo')
    await worker.close()
  })

  it('wake the worker to fetch', async () => {
    const woken = new Promise<string>((resolve) => void web.deps.wakeups.on('fetch', resolve))
    expect((await call(gitHook.POST, 'POST', { as: hookSecret, body: '{"ref":"refs/heads/main"}' })).status).toBe(202)
    expect(await woken).toBe('')
  })

  it('refuse another secret, and more than 1 MiB', async () => {
    expect((await call(registryHook.POST, 'POST', { as: 'secret-of-nobody', body: '{}' })).status).toBe(401)
    const big = await call(registryHook.POST, 'POST', { as: hookSecret, body: 'x'.repeat(2_000_000) })
    expect(big.status).toBe(413)
  })
})

/** Text of a stream until it fits. */
async function readUntil(response: Response, fits: (text: string) => boolean): Promise<string> {
  if (!response.body) throw new Error('no stream')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!fits(text)) {
    const { done, value } = await reader.read()
    if (done) break
    text += value
  }
  await reader.cancel()
  return text
}

const follow = (lastEventId?: string): Promise<Response> =>
  call(events.GET, 'GET', {
    as: web.tokens.viewer,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  })

const greeted = (text: string): boolean => text.includes('\n\n')
const lastId = (text: string): string => [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? ''
const releasesIn = (text: string) => [...text.matchAll(/"topic":"release","id":"([^"]+)"/g)].map((match) => match[1])

describe('live events', () => {
  beforeEach(() => {
    const live = new LiveEvents(web.deps, { topicGapMs: 1, replayLimit: 10 })
    provideWebDeps({ ...web.deps, live })
    return () => live.close()
  })

  it('come when something changes', async () => {
    const response = await follow()
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const id = await web.addRelease('podinfo-dev', 'dev')
    await web.store.sequenceOutbox()
    expect(releasesIn(await readUntil(response, (text) => text.includes(id)))).toEqual([id])
  })

  it('resume after the last one seen, without a gap', async () => {
    const first = await web.addRelease('first', 'dev')
    await web.store.sequenceOutbox()
    const seen = lastId(await readUntil(await follow(), greeted))
    const missed = [await web.addRelease('second', 'dev'), await web.addRelease('third', 'dev')]
    await web.store.sequenceOutbox()
    const text = await readUntil(await follow(seen), (all) => missed.every((id) => all.includes(id)))
    expect(new Set(releasesIn(text))).toEqual(new Set(missed))
    expect(text).not.toContain(first)
  })

  it.each([
    ['more was missed than is replayed', '0'],
    ['the position comes from another database', '99999'],
  ])('say that everything has to be read again when %s', async (_label, position) => {
    for (let i = 0; i < 12; i++) await web.addRelease(`release-${i}`, 'dev')
    await web.store.sequenceOutbox()
    expect(await readUntil(await follow(position), greeted)).toContain('event: reset')
  })
})
