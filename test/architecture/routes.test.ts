import { createHmac } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { endpoints } from '#lib/api/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { PersonRecord, Store } from '#lib/ports/store/index.ts'
import type { RouteHandler } from '#lib/server/route.ts'
import { createMetrics } from '#lib/server/metrics.ts'
import { provideWebDeps } from '#lib/server/web-deps.ts'
import { silentLog } from '../fixtures/test-database.ts'

const root = join(import.meta.dirname, '../..')
const hookSecret = 'secret-of-the-hook'
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const

interface FoundRoute {
  file: string
  path: string
  method: string
  handler: RouteHandler
}

const files = readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|\/)route\.tsx?$/.test(file))
  .map((file) => join(root, 'app', file))

const found: FoundRoute[] = []
beforeAll(async () => {
  provideWebDeps({
    store: peopleOnly,
    wakeups: { wake: () => undefined, on: () => () => undefined },
    clock: { now: () => 1 },
    log: silentLog,
    live: { open: outside, clients: () => 0, close: () => undefined } as never,
    metrics: createMetrics(),
    shown: {
      clusterName: 'test',
      repository: undefined,
      branch: 'main',
      source: 'none',
      defaultMode: 'observe',
      insecureRegistries: [],
      version: '0',
    },
    renewShown: outside,
    random: (bytes) => Buffer.alloc(bytes),
    encrypt: (text) => text,
    decrypt: (text) => text,
    webUrl: 'http://localhost',
    keptPayload: () => undefined,
    hookSecret,
    hashSecret: (secret) => secret,
    passwords: { hash: outside, verify: outside },
    identityProviders: { begin: outside, finish: outside },
    newId: (prefix) => `${prefix}-1`,
    newSecret: () => ({ secret: 's', hash: 'h' }),
  })
  for (const file of files) {
    const exported = (await import(file)) as Record<string, RouteHandler>
    const path = `/${relative(join(root, 'app'), join(file, '..'))}`.replace(/\[(\w+)\]/g, '{$1}')
    for (const method of methods) {
      const handler = exported[method]
      if (handler) found.push({ file: relative(root, file), path, method, handler })
    }
  }
})

/** Behind the guard there is nothing: whoever gets through learns that by `unavailable`. */
function outside(): Promise<never> {
  return Promise.reject(new Fault('unavailable', 'behind the guard'))
}

const roles = ['viewer', 'deployer', 'approver', 'admin'] as const
const person = (role: PersonRecord['roles'][string]): PersonRecord => ({
  id: role,
  email: `${role}@example.com`,
  name: role,
  roles: { '*': role },
  createdAt: 0,
})
const tokenOf = (role: string) => `token-of-${role}`
const people: Partial<Store> = {
  findToken: (hash) => {
    const role = roles.find((candidate) => tokenOf(candidate) === hash)
    return Promise.resolve(role && { id: role, name: role, person: role, role, createdAt: 0, expiresAt: 2 })
  },
  getWebhook: (id) =>
    Promise.resolve({ id, kind: 'git', name: id, secret: hookSecret, createdAt: 0, createdBy: 'x', refused: 0 }),
  refuseDelivery: () => Promise.resolve(),
  getPerson: (id) => Promise.resolve(roles.includes(id as never) ? person(id as (typeof roles)[number]) : undefined),
}
const peopleOnly = new Proxy(people, { get: (store, name) => Reflect.get(store, name) ?? outside }) as Store

type Least = (typeof roles)[number] | '-' | '+' | 'hook'

/** Least role by endpoint, kept by hand: `-` = anybody, `+` = anybody signed in, `hook` has its own secret. */
const table: Record<string, Least> = {
  'GET /api/v1/releases': 'viewer',
  'GET /api/v1/releases/{id}': 'viewer',
  'GET /api/v1/releases/{id}/revisions': 'viewer',
  'GET /api/v1/releases/{id}/revisions/{revision}': 'viewer',
  'POST /api/v1/releases/{id}/revisions/{revision}/live': 'viewer',
  'GET /api/v1/releases/{id}/diff': 'viewer',
  'GET /api/v1/releases/{id}/images': 'viewer',
  'GET /api/v1/releases/{id}/why-not': 'viewer',
  'GET /api/v1/releases/{id}/policy-replay': 'viewer',
  'GET /api/v1/releases/{id}/activity': 'viewer',
  'POST /api/v1/releases/{id}/automate': 'deployer',
  'POST /api/v1/releases/{id}/deautomate': 'deployer',
  'POST /api/v1/releases/{id}/lock': 'deployer',
  'POST /api/v1/releases/{id}/unlock': 'deployer',
  'POST /api/v1/releases/{id}/policy': 'deployer',
  'POST /api/v1/releases/{id}/release': 'deployer',
  'POST /api/v1/releases/{id}/retry': 'deployer',
  'POST /api/v1/releases/{id}/unlock-pending': 'deployer',
  'POST /api/v1/releases/{id}/adopt': 'approver',
  'GET /api/v1/environments': 'viewer',
  'POST /api/v1/environments/{name}/mode': 'admin',
  'GET /api/v1/repository': 'viewer',
  'POST /api/v1/repository/sync': 'deployer',
  'GET /api/v1/cluster': 'admin',
  'POST /api/v1/cluster/test': 'admin',
  'GET /api/v1/repository/connection': 'admin',
  'PUT /api/v1/repository/connection': 'admin',
  'DELETE /api/v1/repository/connection': 'admin',
  'POST /api/v1/repository/connection/test': 'admin',
  'GET /api/v1/repository/deploy-keys': 'admin',
  'POST /api/v1/repository/deploy-keys/rotate': 'admin',
  'GET /api/v1/repository/host-keys': 'admin',
  'POST /api/v1/repository/host-keys': 'admin',
  'DELETE /api/v1/repository/host-keys/{id}': 'admin',
  'GET /api/v1/deletions': 'viewer',
  'POST /api/v1/deletions/{id}/consent': 'approver',
  'GET /api/v1/images': 'viewer',
  'GET /api/v1/images/tags': 'viewer',
  'POST /api/v1/images/scan': 'deployer',
  'GET /api/v1/audit': 'viewer',
  'GET /api/v1/audit/verify': 'viewer',
  'GET /api/v1/audit/export': 'viewer',
  'GET /api/v1/registries/credentials': 'admin',
  'POST /api/v1/registries/credentials': 'admin',
  'DELETE /api/v1/registries/credentials/{id}': 'admin',
  'GET /api/v1/audit/checkpoint': 'viewer',
  'POST /api/v1/audit/anchor': 'deployer',
  'POST /api/v1/policies/simulate': 'viewer',
  'GET /api/v1/alerts': 'viewer',
  'POST /api/v1/alerts/{id}/acknowledge': 'deployer',
  'GET /api/v1/silences': 'viewer',
  'POST /api/v1/silences': 'deployer',
  'DELETE /api/v1/silences/{id}': 'deployer',
  'GET /api/v1/notifications/channels': 'admin',
  'POST /api/v1/notifications/channels': 'admin',
  'POST /api/v1/notifications/channels/{id}': 'admin',
  'DELETE /api/v1/notifications/channels/{id}': 'admin',
  'POST /api/v1/notifications/channels/{id}/test': 'admin',
  'GET /api/v1/notifications/rules': 'admin',
  'POST /api/v1/notifications/rules': 'admin',
  'POST /api/v1/notifications/rules/preview': 'admin',
  'POST /api/v1/notifications/rules/{id}': 'admin',
  'DELETE /api/v1/notifications/rules/{id}': 'admin',
  'GET /api/v1/notifications/deliveries': 'admin',
  'GET /api/v1/notifications/heartbeat': 'admin',
  'POST /api/v1/notifications/heartbeat': 'admin',
  'DELETE /api/v1/notifications/heartbeat': 'admin',
  'GET /api/v1/me': '+',
  'POST /api/v1/me': '+',
  'POST /api/v1/me/password': '+',
  'GET /api/v1/me/sessions': '+',
  'DELETE /api/v1/me/sessions': '+',
  'DELETE /api/v1/sessions/{id}': '+',
  'GET /api/v1/people': 'admin',
  'POST /api/v1/people': 'admin',
  'DELETE /api/v1/people/{id}': 'admin',
  'POST /api/v1/people/{id}/roles': 'admin',
  'POST /api/v1/people/{id}/disable': 'admin',
  'POST /api/v1/people/{id}/enable': 'admin',
  'POST /api/v1/people/{id}/password-link': 'admin',
  'GET /api/v1/people/{id}/sessions': 'admin',
  'DELETE /api/v1/people/{id}/sessions': 'admin',
  'GET /api/v1/tokens': 'admin',
  'POST /api/v1/tokens': 'admin',
  'DELETE /api/v1/tokens/{id}': 'admin',
  'GET /api/v1/settings': 'admin',
  'POST /api/v1/releases/{id}/rollback': 'deployer',
  'DELETE /api/v1/releases/{id}/hold': 'deployer',
  'GET /api/v1/promotions': 'viewer',
  'POST /api/v1/promotions': 'deployer',
  'POST /api/v1/promotions/bulk': 'deployer',
  'POST /api/v1/promotions/bulk/apply': 'deployer',
  'GET /api/v1/promotions/{id}': 'viewer',
  'POST /api/v1/promotions/{id}/approve': 'approver',
  'POST /api/v1/promotions/{id}/apply': 'deployer',
  'POST /api/v1/promotions/{id}/override': 'approver',
  'POST /api/v1/promotions/{id}/withdraw': 'deployer',
  'POST /api/v1/promotions/{id}/checks': 'approver',
  'GET /api/v1/gates': 'viewer',
  'GET /api/v1/pipeline': 'viewer',
  'GET /api/v1/pipeline/file': 'viewer',
  'POST /api/v1/pipeline/check': 'viewer',
  'PUT /api/v1/pipeline/file': 'admin',
  'POST /api/v1/gates/{name}/approve': 'approver',
  'GET /api/v1/operations': 'viewer',
  'GET /api/v1/operations/{id}': 'viewer',
  'GET /api/v1/commands/{id}': '+',
  'GET /api/v1/openapi.json': '-',
  'GET /api/events': 'viewer',
  'GET /api/metrics': '+',
  'GET /api/health/live': '-',
  'GET /api/health/ready': '-',
  'GET /api/v1/sign-in-providers': 'admin',
  'POST /api/v1/sign-in-providers': 'admin',
  'DELETE /api/v1/sign-in-providers/{id}': 'admin',
  'GET /api/session/ways': '-',
  'GET /api/session/begin/{id}': '-',
  'GET /api/session/callback': '-',
  'POST /api/session': '-',
  'POST /api/session/password': '-',
  'POST /api/session/password-link': '-',
  'POST /api/session/password-link/use': '-',
  'DELETE /api/session': '-',
  'POST /api/webhooks/registry': 'hook',
  'POST /api/webhooks/git': 'hook',
  'POST /api/webhooks/{hook}': 'hook',
  'GET /api/v1/webhooks': 'admin',
  'POST /api/v1/webhooks': 'admin',
  'POST /api/v1/webhooks/{id}/rotate': 'admin',
  'DELETE /api/v1/webhooks/{id}': 'admin',
  'GET /api/v1/webhooks/deliveries': 'admin',
  'GET /api/v1/webhooks/deliveries/{id}': 'admin',
  'POST /api/v1/webhooks/deliveries/{id}/replay': 'admin',
}

const name = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

async function ask(route: FoundRoute | undefined, token: string | undefined, more: RequestInit = {}) {
  if (!route) throw new Error('there is no such route')
  const path = route.path.replace(/\{revision\}/, '1').replace(/\{\w+\}/g, 'x')
  const headers = { origin: 'http://localhost', host: 'localhost', ...(more.headers as Record<string, string>) }
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  const streamed = more.body instanceof ReadableStream ? { duplex: 'half' } : {}
  const init = { ...more, ...streamed, method: route.method, headers: { ...headers, ...authorization } }
  const params = route.path.includes('{') ? { id: 'x', hook: 'x', name: 'x', revision: '1' } : undefined
  return route.handler(new Request(`http://localhost${path}`, init), { params: Promise.resolve(params) })
}

const statusFor = async (route: FoundRoute, token: string | undefined) => (await ask(route, token)).status

describe('routes', () => {
  it('are found', () => expect(files.length).toBeGreaterThan(30))

  it('each have an endpoint of their own path and method', () => {
    const known = found.filter(({ path }) => path !== '/api/[...path]')
    for (const route of known) {
      expect([route.file, route.handler.endpoint && name(route.handler.endpoint)]).toEqual([route.file, name(route)])
    }
    expect(known.map(name).sort()).toEqual(endpoints.map(({ endpoint }) => name(endpoint)).sort())
  })

  it('are all in the table, and nothing else is', () => {
    expect(Object.keys(table).sort()).toEqual(endpoints.map(({ endpoint }) => name(endpoint)).sort())
  })

  it('answer an unknown path with JSON', async () => {
    const unknown = found.filter(({ path }) => path === '/api/[...path]')
    expect(unknown.map(({ method }) => method).sort()).toEqual(['DELETE', 'GET', 'PATCH', 'POST', 'PUT'])
    for (const route of unknown) expect(await statusFor({ ...route, path: '/api/v1/nothing' }, undefined)).toBe(404)
  })
})

const callers: Record<string, string | undefined> = {
  nobody: undefined,
  stranger: 'token-of-nobody',
  ...Object.fromEntries(roles.map((role) => [role, tokenOf(role)])),
  hook: hookSecret,
}

function mayPass(least: Least, caller: string): boolean {
  if (least === '-') return true
  if (least === 'hook') return caller === 'hook'
  const rank = (roles as readonly string[]).indexOf(caller)
  return rank >= (least === '+' ? 0 : roles.indexOf(least))
}

describe('route × role', () => {
  it.each(Object.entries(table))('%s: %s', async (key, least) => {
    const route = found.find((candidate) => name(candidate) === key)
    if (!route) throw new Error(`${key} has no route`)
    const passed: Record<string, boolean> = {}
    for (const [caller, token] of Object.entries(callers)) {
      passed[caller] = ![401, 403].includes(await statusFor(route, token))
    }
    expect(passed).toEqual(Object.fromEntries(Object.keys(callers).map((caller) => [caller, mayPass(least, caller)])))
  })
})

describe('a webhook that is signed as GitHub signs', () => {
  const body = '{"ref":"refs/heads/main"}'
  const sign = (secret: string, text = body) => `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`

  it.each([
    ['fits', { 'x-hub-signature-256': sign(hookSecret) }, 202],
    ['of another secret', { 'x-hub-signature-256': sign('another secret here') }, 401],
    ['of another body', { 'x-hub-signature-256': sign(hookSecret, '{}') }, 401],
    ['of the old kind alone', { 'x-hub-signature': 'sha1=0' }, 401],
    ['missing', {}, 401],
  ])('%s', async (_label, headers, status) => {
    const route = found.find((candidate) => name(candidate) === 'POST /api/webhooks/git')
    expect((await ask(route, undefined, { body, headers })).status).toBe(status)
  })
})

/** 2 MB of JSON that says nothing about its length. */
const stream = () =>
  new ReadableStream<Uint8Array>({
    start(sink) {
      for (let sent = 0; sent < 32; sent += 1) sink.enqueue(new Uint8Array(65_536).fill(32))
      sink.close()
    },
  })
const json = { 'content-type': 'application/json' }

const badBodies: [label: string, body: () => RequestInit['body'], headers: Record<string, string>, status: number][] = [
  ['malformed JSON', () => '{"message": nope}', json, 400],
  ['JSON cut in the middle', () => '{"message": "he', json, 400],
  ['bytes that are no text', () => new Uint8Array([0x7b, 0xff, 0x7d]), json, 400],
  ['a body that is not declared as JSON', () => '{}', { 'content-type': 'text/plain' }, 400],
  ['2 MB', () => `"${'x'.repeat(2_000_000)}"`, { ...json, 'content-length': '2000002' }, 413],
  ['2 MB of undeclared length', stream, json, 413],
]

describe('route × bad body', () => {
  // A webhook is only a sign that something happened: what it says need not be understood, but it has an end.
  const rows = Object.entries(table)
    .filter(([key]) => /^(POST|PUT) /.test(key))
    .flatMap(([key, least]) =>
      badBodies
        .filter(([, , , status]) => least !== 'hook' || status === 413)
        .map((bad) => [key, least, ...bad] as const),
    )
  it.each(rows)('%s (%s): %s', async (key, least, _label, body, headers, status) => {
    const route = found.find((candidate) => name(candidate) === key)
    const caller = least === 'hook' ? hookSecret : least === '-' ? undefined : tokenOf('admin')
    const answer = await ask(route, caller, { body: body(), headers })
    expect(answer.status).toBe(status)
    const code = status === 413 ? 'too-large' : 'invalid'
    expect(await answer.json()).toMatchObject({ error: { code, message: expect.any(String) } })
  })
})
