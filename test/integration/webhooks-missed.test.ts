import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { emptyMemory, type WorkerDeps } from '#lib/operations/work/deps.ts'
import { heardWebhook, judgeWebhook } from '#lib/operations/work/judge-webhook.ts'
import { recoverDeliveries } from '#lib/operations/work/recover-deliveries.ts'
import { startGitHubRepository, type GitHubRepositoryInTest } from '#test/fixtures/github-repository.ts'
import { openHookDoor, type HookDoor } from '#test/fixtures/hook-door.ts'
import { deliverSigned, listed, makeHook, verdicts, type MadeHook } from '#test/fixtures/hooks-in-test.ts'
import { silentLog, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWebInTest, type WebInTest } from '#test/fixtures/web-in-test.ts'

let database: TestDatabase
let web: WebInTest
let door: HookDoor
let hook: MadeHook

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  web = await startWebInTest(await database.fresh())
  door = await openHookDoor()
  web.deps.webUrl = door.url
  web.deps.shown = { ...web.deps.shown, repository: 'https://github.com/acme/config.git' }
  hook = await makeHook(web, 'github')
  return async () => {
    await door.close()
    await web.close()
  }
})

const push = (commit: string) => ({ ref: 'refs/heads/main', after: commit, repository: { full_name: 'acme/config' } })

/** The worker's side of it: the same database, the real way to the host. */
const worker = (more: Partial<WorkerDeps> = {}) =>
  ({
    store: web.store,
    clock: web.deps.clock,
    wakeups: web.deps.wakeups,
    log: silentLog,
    settings: { webUrl: door.url, repository: 'acme/config' },
    lease: { epoch: 1, assertHeld: () => undefined, signal: new AbortController().signal },
    memory: emptyMemory(),
    gitHost: undefined,
    ...more,
  }) as WorkerDeps

describe('deliveries that nobody took', () => {
  let github: GitHubRepositoryInTest
  beforeEach(async () => {
    github = await startGitHubRepository('token', { hooks: [{ url: hook.webhook.url, secret: hook.secret }] })
    return () => github.stop()
  })

  it('are asked for again, are handled, and are not asked for any more', async () => {
    const { hooks } = github.server.github
    hooks.emit('push', push('a'.repeat(40)))
    await github.server.settled()
    door.open = false
    hooks.emit('push', push('b'.repeat(40)))
    hooks.emit('ping', { zen: 'x' })
    await github.server.settled()
    expect(await verdicts(web)).toEqual(['push handled'])
    door.open = true
    const deps = worker({ gitHost: github.host() })
    expect(await recoverDeliveries(deps)).toBe(2)
    await github.server.settled()
    expect((await verdicts(web)).toSorted()).toEqual(['ping handled', 'push handled', 'push handled'])
    expect(await web.store.wasAnnounced('b'.repeat(40))).toBe(true)
    expect(await recoverDeliveries(deps)).toBe(0)
    await web.store.chainAudit()
    expect((await web.store.listAudit({ kind: 'webhook.redelivery' })).items).toHaveLength(2)
  })

  it('that were taken, though the answer was lost, are known by their name', async () => {
    const { hooks } = github.server.github
    hooks.emit('push', push('a'.repeat(40)))
    await github.server.settled()
    hooks.mail = { copies: 2 }
    hooks.emit('push', push('b'.repeat(40)))
    await github.server.settled()
    expect((await listed(web)).map(({ repeats }) => repeats)).toEqual([1, 0])
  })
})

describe('a webhook that used to deliver', () => {
  const kinds = async () => (await web.store.listAlerts({ open: true, limit: 10 })).map(({ kind }) => kind)
  const [seen, unseen] = ['a'.repeat(40), 'b'.repeat(40)]

  it('and tells nothing of a commit is an incident until the next delivery', async () => {
    const deps = worker()
    await deliverSigned(hook, 'push', push(seen), 'd-1')
    await judgeWebhook(deps, seen, Date.now())
    expect(await kinds()).toEqual([])
    await judgeWebhook(deps, unseen, Date.now())
    expect(await kinds()).toEqual(['webhook-silent'])
    const registry = await makeHook(web, 'distribution')
    await heardWebhook(deps, registry.webhook.id)
    expect(await kinds()).toEqual(['webhook-silent'])
    await heardWebhook(deps, hook.webhook.id)
    expect(await kinds()).toEqual([])
  })

  it('is none where nothing ever came, or came only after the commit', async () => {
    const deps = worker()
    await judgeWebhook(deps, unseen, Date.now())
    const before = Date.now() - 1000
    await deliverSigned(hook, 'ping', {}, 'd-1')
    await judgeWebhook(deps, unseen, before)
    expect(await kinds()).toEqual([])
  })
})
