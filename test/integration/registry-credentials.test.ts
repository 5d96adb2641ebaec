import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sealingKey } from '#lib/core/credential/index.ts'
import { KnownSecrets } from '#lib/core/redact/index.ts'
import { sealingKeyFact } from '#lib/operations/request/seal-for-worker.ts'
import { enteredCredentials } from '#lib/wiring/entered-credentials.ts'
import { registries } from '#lib/wiring/registries.ts'
import { createRecordingLog } from '#test/fakes/recording-log.ts'
import type { RegistryServer } from '#test/fakes/registry-server.ts'
import { startSeededRegistry } from '#test/fixtures/open-registry.ts'
import { administer, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { call, errorOf, startWebInTest, type WebInTest } from '#test/fixtures/web-in-test.ts'
import * as credentials from '../../app/api/v1/registries/credentials/route.ts'
import * as credential from '../../app/api/v1/registries/credentials/[id]/route.ts'

const password = 'canary-5f3d9c'
const seed = Buffer.alloc(32, 2)

let database: TestDatabase
let url: string
let web: WebInTest
let server: RegistryServer

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  url = await database.fresh()
  web = await startWebInTest(url)
  await web.store.setFact(sealingKeyFact, sealingKey(seed))
  server = await startSeededRegistry()
  server.auth = { kind: 'basic', username: 'robot', password }
  return () => Promise.all([web.close(), server.close()])
})

const save = (given: Record<string, string>, as = web.tokens.admin) =>
  call(credentials.POST, 'POST', {
    as,
    body: JSON.stringify({ registry: server.host, purpose: 'pull', username: 'robot', password, ...given }),
  })
const list = async () => (await call(credentials.GET, 'GET', { as: web.tokens.admin })).text()

/** As the worker has them, without pull secrets. */
function workerRegistries(key = seed) {
  const log = createRecordingLog()
  return registries({
    cluster: { get: async () => undefined },
    entered: enteredCredentials(web.store, key.toString('base64url'), new KnownSecrets(), log),
    insecureHosts: [server.host],
    insideHosts: [],
    dockerConfig: undefined,
    clock: { now: () => 0 },
    log,
  })
}
const tags = async (key = seed) =>
  (await workerRegistries(key)(server.host, ['dev'])).listTags({ host: server.host, path: 'team/app' })

describe('a credential entered for a registry', () => {
  it('is used by the worker from then on, and no longer once it is forgotten', async () => {
    await expect(tags()).rejects.toMatchObject({ code: 'registry-unauthorized' })
    expect((await save({})).status).toBe(200)
    expect(await tags()).toBeDefined()
    const { items } = JSON.parse(await list()) as { items: { id: string }[] }
    const removed = await call(credential.DELETE, 'DELETE', { as: web.tokens.admin, params: { id: items[0]?.id } })
    expect(removed.status).toBe(200)
    await expect(tags()).rejects.toMatchObject({ code: 'registry-unauthorized' })
  })

  it('has its images looked at with it at once', async () => {
    await web.store.watchRepositories([{ name: `${server.host}/team/app`, usedBy: ['r'] }])
    const before = await web.store.getImageRepository(`${server.host}/team/app`)
    await web.store.saveImageRepository({ ...before!, nextScanAt: Date.now() + 3_600_000 })
    await save({})
    expect((await web.store.getImageRepository(`${server.host}/team/app`))?.nextScanAt).toBeLessThanOrEqual(Date.now())
  })

  it('replaces the one there was for the same registry and purpose', async () => {
    await save({ username: 'old' })
    await save({})
    expect(JSON.parse(await list())).toMatchObject({ items: [{ username: 'robot', purpose: 'pull' }] })
  })

  it('leaves in no answer, and stands in no table that can be read without the worker', async () => {
    const answers = [await (await save({})).text(), await list()]
    await web.store.chainAudit()
    const [row] = await administer(url, 'SELECT sealed FROM registry_credential')
    const audit = JSON.stringify(await web.store.readChain(1, 100))
    expect(audit).toContain('registry-credential.saved')
    for (const text of [...answers, String(row?.['sealed']), audit]) expect(text).not.toContain(password)
    for (const text of answers) expect(text).not.toContain('sealed')
  })

  it('cannot be used by another worker key, nor for another host than it was entered for', async () => {
    await save({})
    await expect(tags(Buffer.alloc(32, 3))).rejects.toMatchObject({ code: 'registry-unauthorized' })
    await administer(url, `UPDATE registry_credential SET host = 'evil.example.test'`)
    const read = enteredCredentials(web.store, seed.toString('base64url'), new KnownSecrets(), createRecordingLog())
    expect(await read('pull')).toEqual([])
  })

  it('to push with covers what is below its path alone, and says where to enter one', async () => {
    await save({ registry: `${server.host}/team`, purpose: 'push' })
    const registry = workerRegistries()
    await expect(registry(server.host, [], { pushTo: 'team/app' })).resolves.toBeDefined()
    await expect(registry(server.host, [], { pushTo: 'teams/app' })).rejects.toMatchObject({
      code: 'registry-unauthorized',
      suggestion: expect.stringContaining('Settings, Registries'),
    })
  })

  const rows: [label: string, given: Record<string, string>, message: string][] = [
    ['a registry that is none', { registry: 'not a host!' }, 'is no registry'],
    ['a tag in it', { registry: 'ghcr.io/acme/app:1.0' }, 'is no registry'],
    ['a path to pull from', { registry: 'ghcr.io/acme/app' }, 'for a whole registry'],
    ['no password', { password: '' }, 'body.password'],
    ['another purpose', { purpose: 'delete' }, 'body.purpose'],
  ]
  it.each(rows)('is refused with %s', async (_label, given, message) => {
    const response = await save(given)
    expect([response.status, (await errorOf(response)).message]).toEqual([400, expect.stringContaining(message)])
    expect(JSON.parse(await list())).toEqual({ items: [] })
  })

  it('waits for a worker to have told its key, and is refused to all but administrators', async () => {
    await web.store.setFact(sealingKeyFact, undefined)
    const response = await save({})
    expect([response.status, (await errorOf(response)).message]).toEqual([503, expect.stringContaining('No worker')])
    expect((await save({}, web.tokens.deployer)).status).toBe(403)
  })
})

describe('a registry at an address of the inside', () => {
  const open = (more: { insecureHosts?: string[]; insideHosts?: string[] }) =>
    registries({
      cluster: { get: async () => undefined },
      entered: async () => [],
      insecureHosts: [],
      insideHosts: [],
      dockerConfig: undefined,
      clock: { now: () => 0 },
      log: createRecordingLog(),
      ...more,
    })
  const listed = async (deps: ReturnType<typeof open>, insecure = false) =>
    (await deps(server.host, [], { insecure })).listTags({ host: server.host, path: 'team/app' })

  it('is not asked for what a document names, until somebody allows its host', async () => {
    await expect(listed(open({}), true)).rejects.toMatchObject({
      code: 'registry-unreachable',
      retryable: false,
      message: expect.stringContaining('an address of the inside'),
      suggestion: expect.stringContaining('WHEELHOUSE_INSIDE_HOSTS'),
    })
    expect(server.requests).toEqual([])
    server.auth = undefined
    expect(await listed(open({ insideHosts: ['127.0.0.1'] }), true)).toMatchObject({ kind: 'read' })
    expect(await listed(open({ insecureHosts: [server.host] }))).toMatchObject({ kind: 'read' })
  })
})
