import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '#lib/ports/store/index.ts'
import { provideWebDeps, webDeps } from '#lib/server/web-deps.ts'
import { newSecret } from '#lib/wiring/secrets.ts'
import * as session from '../../app/api/session/route.ts'
import * as audit from '../../app/api/v1/audit/route.ts'
import * as exported from '../../app/api/v1/audit/export/route.ts'
import * as verify from '../../app/api/v1/audit/verify/route.ts'
import * as environments from '../../app/api/v1/environments/route.ts'
import * as me from '../../app/api/v1/me/route.ts'
import * as pipeline from '../../app/api/v1/pipeline/route.ts'
import * as simulate from '../../app/api/v1/policies/simulate/route.ts'
import * as releases from '../../app/api/v1/releases/route.ts'
import * as lock from '../../app/api/v1/releases/[id]/lock/route.ts'
import * as release from '../../app/api/v1/releases/[id]/route.ts'
import * as sync from '../../app/api/v1/repository/sync/route.ts'
import * as token from '../../app/api/v1/tokens/[id]/route.ts'
import * as tokens from '../../app/api/v1/tokens/route.ts'
import { startTestDatabase } from '../fixtures/test-database.ts'
import type { TestDatabase } from '../fixtures/test-database.ts'
import { call, errorOf, origin, startWebInTest } from '../fixtures/web-in-test.ts'
import type { WebInTest } from '../fixtures/web-in-test.ts'

let database: TestDatabase
let web: WebInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  web = await startWebInTest(await database.fresh())
  return () => web.close()
})

describe('bad input', () => {
  it('refuses a call without a token', async () => {
    const response = await call(releases.GET, 'GET')
    expect(response.status).toBe(401)
    expect((await errorOf(response)).code).toBe('unauthenticated')
  })

  it('refuses a revoked token', async () => {
    const made = (await (
      await call(tokens.POST, 'POST', { as: web.tokens.admin, body: '{"name":"ci","role":"viewer"}' })
    ).json()) as { secret: string; token: { id: string } }
    expect((await call(releases.GET, 'GET', { as: made.secret })).status).toBe(200)
    await call(token.DELETE, 'DELETE', { as: web.tokens.admin, params: { id: made.token.id } })
    expect((await call(releases.GET, 'GET', { as: made.secret })).status).toBe(401)
  })

  it('refuses a write with the token of a viewer and says who could', async () => {
    const id = await web.addRelease('podinfo-dev', 'dev')
    const response = await call(lock.POST, 'POST', { as: web.tokens.viewer, params: { id }, body: '{"message":"why"}' })
    expect(response.status).toBe(403)
    expect((await errorOf(response)).suggestion).toContain('deployer')
  })

  it('keeps a deployer of dev out of prod', async () => {
    const own = await web.tokenFor('deployer', { dev: 'deployer' })
    const [dev, prod] = [await web.addRelease('podinfo-dev', 'dev'), await web.addRelease('podinfo-prod', 'prod')]
    const body = '{"message":"why"}'
    expect((await call(lock.POST, 'POST', { as: own, params: { id: dev }, body })).status).toBe(202)
    expect((await call(lock.POST, 'POST', { as: own, params: { id: prod }, body })).status).toBe(403)
    const list = (await (await call(releases.GET, 'GET', { as: own })).json()) as { items: { id: string }[] }
    expect(list.items.map((item) => item.id)).toEqual([dev])
  })

  it('names the place of a mistake in JSON', async () => {
    const response = await call(simulate.POST, 'POST', {
      as: web.tokens.viewer,
      body: '{"pattern": "glob:*",\n "tags": nope}',
    })
    expect(response.status).toBe(400)
    expect((await errorOf(response)).message).toContain('line 2, column 10')
  })

  it('names the field that does not fit', async () => {
    const response = await call(simulate.POST, 'POST', { as: web.tokens.viewer, body: '{"pattern": 7, "tags": []}' })
    expect(response.status).toBe(400)
    expect((await errorOf(response)).message).toContain('body.pattern')
  })

  it('refuses a body that is not declared as JSON', async () => {
    const headers = { 'content-type': 'text/plain' }
    expect((await call(simulate.POST, 'POST', { as: web.tokens.viewer, body: '{}', headers })).status).toBe(400)
  })

  it('refuses 2 MB by their declared length, unread', async () => {
    let read = 0
    const pull = (sink: ReadableStreamDefaultController<Uint8Array>) => {
      read += 1
      sink.close()
    }
    const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 })
    const headers = { 'content-length': '2000000' }
    const response = await call(simulate.POST, 'POST', { as: web.tokens.viewer, body, headers })
    expect([response.status, read]).toEqual([413, 0])
  })

  it('stops reading 2 MB of unknown length at the cap', async () => {
    let read = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull(sink) {
          read += 65_536
          if (read > 2_000_000) sink.close()
          else sink.enqueue(new Uint8Array(65_536).fill(32))
        },
      },
      { highWaterMark: 0 },
    )
    const response = await call(simulate.POST, 'POST', { as: web.tokens.viewer, body })
    expect(response.status).toBe(413)
    expect(read).toBeLessThan(1_000_000)
  })

  it('knows no release of an unknown id', async () => {
    const response = await call(release.GET, 'GET', { as: web.tokens.viewer, params: { id: 'rel-nothing' } })
    expect(response.status).toBe(404)
    expect((await errorOf(response)).code).toBe('not-found')
  })

  it('refuses a tag of 300 characters', async () => {
    const { POST } = await import('../../app/api/v1/releases/[id]/release/route.ts')
    const id = await web.addRelease('podinfo-dev', 'dev')
    const body = JSON.stringify({ container: 'chart-image', tag: 'x'.repeat(300), message: 'try' })
    expect((await call(POST, 'POST', { as: web.tokens.deployer, params: { id }, body })).status).toBe(400)
  })

  it('has no words about a database that is gone but what to do', async () => {
    await database.stopServer()
    try {
      const response = await call(releases.GET, 'GET', { as: web.tokens.viewer })
      expect(response.status).toBe(503)
      expect((await errorOf(response)).code).toBe('database-unreachable')
    } finally {
      await database.startServer()
    }
  })
})

const signIn = (link: string, from = origin) =>
  call(session.POST, 'POST', { body: JSON.stringify({ link }), headers: { origin: from } })

async function newLink(): Promise<string> {
  const person = (await web.store.listPeople())[0]
  const { secret, hash } = newSecret()
  await web.store.saveSignInLink(hash, person?.id ?? '', Date.now() + 60_000)
  return secret
}

describe('sessions', () => {
  it('come from a link that works once', async () => {
    const link = await newLink()
    const response = await signIn(link)
    expect(response.status).toBe(200)
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^wheelhouse=\S+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
    const headers = { cookie: cookie.split(';')[0] ?? '' }
    expect(((await (await call(me.GET, 'GET', { headers })).json()) as { via: string }).via).toBe('session')
    expect((await signIn(link)).status).toBe(401)
  })

  it('are not made for, or used by, another site', async () => {
    const link = await newLink()
    expect((await signIn(link, 'https://evil.example')).status).toBe(403)
    const cookie = (await signIn(link)).headers.get('set-cookie')?.split(';')[0] ?? ''
    const from = (site: string) => call(session.DELETE, 'DELETE', { headers: { cookie, origin: site } })
    expect((await from('https://evil.example')).status).toBe(403)
    expect((await call(sync.POST, 'POST', { headers: { cookie } })).status).toBe(403)
    expect((await from(origin)).status).toBe(200)
    expect((await call(me.GET, 'GET', { headers: { cookie } })).status).toBe(401)
  })

  it('carry __Host- and Secure over https', async () => {
    provideWebDeps({ ...webDeps(), webUrl: 'https://wheelhouse.example' })
    const response = await signIn(await newLink(), 'https://wheelhouse.example')
    expect(response.headers.get('set-cookie')).toMatch(/^__Host-wheelhouse=\S+; Path=\/; .*; Secure$/)
  })
})

/** Stands for the worker: finishes the first command that comes. */
async function work(finish: (name: string, input: Record<string, unknown>) => Parameters<Store['finishCommand']>[1]) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = web.deps.wakeups.on('command', () => resolve())
  if ((await web.store.queuedCommands()).length === 0) await promise
  stop()
  const [command] = await web.store.queuedCommands()
  if (!command) throw new Error('no command came')
  await web.store.finishCommand(command.id, finish(command.name, command.input))
  return command
}

describe('commands', () => {
  it('answer with the result of the worker', async () => {
    const id = await web.addRelease('podinfo-dev', 'dev')
    const worker = work((name, input) => ({ kind: 'done', result: { message: `${name} ${String(input.message)}` } }))
    const response = await call(lock.POST, 'POST', {
      as: web.tokens.deployer,
      params: { id },
      body: '{"message":"why"}',
    })
    expect([response.status, await response.json()]).toMatchObject([200, { kind: 'done', message: 'lock-release why' }])
    expect(await worker).toMatchObject({ name: 'lock-release', input: { release: id, message: 'why' } })
  })

  it('pass on the refusal of the worker', async () => {
    const id = await web.addRelease('podinfo-dev', 'dev')
    void work(() => ({ kind: 'failed', code: 'conflict', message: 'It is locked already.', suggestion: 'Unlock it.' }))
    const response = await call(lock.POST, 'POST', {
      as: web.tokens.deployer,
      params: { id },
      body: '{"message":"why"}',
    })
    expect(response.status).toBe(409)
    expect(await errorOf(response)).toMatchObject({ code: 'conflict', suggestion: 'Unlock it.' })
  })
})

describe('reads', () => {
  it('list releases with what others rely on, without what no response names', async () => {
    await web.addRelease('podinfo-dev', 'dev')
    const list = (await (await call(releases.GET, 'GET', { as: web.tokens.viewer })).json()) as { items: object[] }
    expect(Object.keys(list.items[0] ?? {})).toEqual(
      expect.arrayContaining(['id', 'cluster', 'namespace', 'name', 'application', 'environment', 'health', 'images']),
    )
    expect(list.items[0]).not.toHaveProperty('baseline')
  })

  it('show applications by environment', async () => {
    await web.addRelease('podinfo-dev', 'dev')
    await web.addRelease('podinfo-prod', 'prod')
    const matrix = await (await call(environments.GET, 'GET', { as: web.tokens.viewer })).json()
    expect(matrix).toMatchObject({
      environments: [{ name: 'dev' }, { name: 'prod' }],
      rows: [{ application: 'podinfo', cells: [{ environment: 'dev' }, { environment: 'prod' }] }],
    })
  })

  it('draw the pipeline as wheelhouse.yaml says, with the gates, and what one may see of it', async () => {
    for (const environment of ['dev', 'qa', 'prod', 'lab']) await web.addRelease(`podinfo-${environment}`, environment)
    const text = 'environments:\n  - dev\n  - qa\n  - name: prod\n    from: [dev, qa]\n    gates: {approvals: 2}\n'
    const { repository, branch } = webDeps().shown
    await web.store.setFact('repository-config', { repository, branch, text })
    const seen = async (as: string) => (await call(pipeline.GET, 'GET', { as })).json()
    expect(await seen(web.tokens.viewer)).toEqual({
      environments: [
        { name: 'dev', gates: [] },
        { name: 'qa', gates: [] },
        { name: 'prod', gates: [expect.objectContaining({ gate: 'approvals', words: '2 approvals', shut: false })] },
      ],
      edges: [
        { from: 'dev', to: 'qa' },
        { from: 'dev', to: 'prod' },
        { from: 'qa', to: 'prod' },
      ],
      beside: ['lab'],
    })
    expect(await seen(await web.tokenFor('viewer', { dev: 'viewer', qa: 'viewer' }))).toEqual({
      environments: [
        { name: 'dev', gates: [] },
        { name: 'qa', gates: [] },
      ],
      edges: [{ from: 'dev', to: 'qa' }],
      beside: [],
    })
    const matrix = await (await call(environments.GET, 'GET', { as: web.tokens.viewer })).json()
    expect(matrix).toMatchObject({ rows: [{ application: 'podinfo', ways: [{ from: 'dev' }, {}, { to: 'prod' }] }] })
  })

  it('verify, list and export the audit chain', async () => {
    const fact = { at: 5, kind: 'policy.locked', actor: 'a@example.com', subject: 'dev:helmrelease/x', data: {} }
    await web.store.record([fact, { ...fact, at: 6 }])
    await web.store.chainAudit()
    expect(await (await call(verify.GET, 'GET', { as: web.tokens.viewer })).json()).toMatchObject({
      kind: 'intact',
      rows: 2,
    })
    const list = (await (
      await call(audit.GET, 'GET', { as: web.tokens.viewer, query: '?kind=policy' })
    ).json()) as object
    expect(list).toMatchObject({ items: [{ seq: 2 }, { seq: 1 }] })
    const lines = (await (await call(exported.GET, 'GET', { as: web.tokens.viewer })).text()).trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([1, 2])
  })

  it('simulate a policy by the engine of the automation', async () => {
    const tags = ['0.4.9', '0.4.10', '0.5.0', '0.4.11-rc.1'].map((name) => ({ name }))
    const body = JSON.stringify({ pattern: 'semver:~0.4', current: '0.4.9', tags })
    expect(await (await call(simulate.POST, 'POST', { as: web.tokens.viewer, body })).json()).toMatchObject({
      selected: '0.4.10',
      verdicts: [
        { verdict: 'current' },
        { verdict: 'selected' },
        { verdict: 'not-matched' },
        { verdict: 'not-matched' },
      ],
    })
  })
})
