import { beforeEach, describe, expect, it } from 'vitest'
import { createRecordingLog } from '#test/fakes/recording-log.ts'
import { startRegistryServer, type RegistryServer } from '#test/fakes/registry-server.ts'
import { pushConfig } from '#test/fixtures/oci-push.ts'
import { openRegistry, startSeededRegistry } from '#test/fixtures/open-registry.ts'
import { registryContract } from './registry.contract.ts'

const login = { username: 'robot', password: 's3cret-canary' }

for (const auth of [undefined, 'basic', 'bearer', 'anonymous'] as const) {
  registryContract(`the registry double, ${auth ?? 'no'} authentication`, async () => {
    const server = await startRegistryServer()
    const secret = auth === 'anonymous' ? undefined : login
    if (auth === 'basic' || auth === 'bearer') server.auth = { kind: auth, ...login }
    if (auth === 'anonymous') server.auth = { kind: 'bearer', ...login, anonymousPull: true }
    const registry = openRegistry(server.host, { credentials: async () => secret })
    return { host: server.host, login: auth && login, registry, stop: () => server.close() }
  })
}

describe('a registry', () => {
  let server: RegistryServer
  const repository = () => ({ host: server.host, path: 'team/app' })
  const asked = () => server.requests.map(({ method, url }) => `${method} ${url}`)

  beforeEach(async () => {
    server = await startSeededRegistry()
    return () => server.close()
  })

  describe('asks little', () => {
    it('one request per page', async () => {
      server.pageSize = 2
      const list = await openRegistry(server.host).listTags(repository())
      expect(list).toMatchObject({ kind: 'read', tags: ['1.0.0', '1.0.1', '1.0.2', '1.0.3', '1.0.4'] })
      expect(server.requests).toHaveLength(3)
    })

    it('only for changes where the registry knows ETags', async () => {
      server.etags = true
      const registry = openRegistry(server.host)
      const first = await registry.listTags(repository())
      server.fault = (request) => (asked().length > 2 ? { kind: 'status', status: 500, body: request.url } : undefined)
      const etag = first.kind === 'read' ? first.etag : undefined
      expect(await registry.listTags(repository(), { etag })).toEqual({ kind: 'unchanged' })
    })

    it('two requests for an image, one HEAD for it later, none for the same image under another tag but its manifest', async () => {
      const registry = openRegistry(server.host)
      await registry.readImage(repository(), '1.0.0')
      expect(asked().map((line) => line.split('/')[0])).toEqual(['GET ', 'GET '])
      await registry.readImage(repository(), '1.0.0')
      expect(asked()[2]).toBe('HEAD /v2/team/app/manifests/1.0.0')
      expect(server.requests).toHaveLength(3)
      const config = { created: '2018-11-05T00:00:00Z' }
      await pushConfig({ host: server.host, path: 'team/app' }, 'same-1', config)
      await pushConfig({ host: server.host, path: 'team/app' }, 'same-2', config)
      await registry.readImage(repository(), 'same-1')
      server.requests.length = 0
      await registry.readImage(repository(), 'same-2')
      expect(asked()).toEqual(['GET /v2/team/app/manifests/same-2'])
    })

    it('one 401 and one token for many requests at once', async () => {
      server.auth = { kind: 'bearer', ...login }
      const registry = openRegistry(server.host, { credentials: async () => login })
      await Promise.all(Array.from({ length: 20 }, () => registry.headTag(repository(), '1.0.0')))
      expect(asked().filter((line) => line.startsWith('GET /token'))).toHaveLength(1)
      expect(server.requests).toHaveLength(1 + 1 + 20)
    })

    it('with a new token when the old one ended', async () => {
      server.auth = { kind: 'bearer', ...login }
      server.tokenLife = 0.001
      const registry = openRegistry(server.host, { credentials: async () => login })
      await registry.headTag(repository(), '1.0.0')
      server.requests.length = 0
      await expect.poll(() => registry.headTag(repository(), '1.0.0')).toBeDefined()
      expect(asked().filter((line) => line.startsWith('GET /token')).length).toBeGreaterThan(0)
    })

    it('nothing at all during the pause a 429 asked for, and slower afterwards', async () => {
      const log = createRecordingLog()
      const registry = openRegistry(server.host, { log, budget: { requestsPerSecond: 100, burst: 100 } })
      server.fault = () => ({ kind: 'status', status: 429, headers: { 'retry-after': '60' } })
      await expect(registry.listTags(repository())).rejects.toMatchObject({ retryAfterMs: 60_000 })
      await expect(registry.headTag(repository(), '1.0.0')).rejects.toMatchObject({ code: 'rate-limited' })
      expect(server.requests).toHaveLength(1)
      expect(log.lines[0]?.fields).toMatchObject({ requestsPerSecond: 50 })
    })
  })

  describe('with credentials', () => {
    it.each(['basic', 'bearer'] as const)('that are wrong (%s): unauthorized, asked once', async (kind) => {
      server.auth = { kind, ...login }
      const registry = openRegistry(server.host, {
        credentials: async () => ({ username: 'robot', password: 'wrong' }),
      })
      await expect(registry.listTags(repository())).rejects.toMatchObject({ code: 'registry-unauthorized' })
      expect(server.requests.length).toBeLessThanOrEqual(2)
    })

    it('that were changed: reads them again', async () => {
      server.auth = { kind: 'basic', ...login }
      let password = 'old'
      const registry = openRegistry(server.host, { credentials: async () => ({ username: 'robot', password }) })
      await expect(registry.listTags(repository())).rejects.toMatchObject({ code: 'registry-unauthorized' })
      password = login.password
      expect(await registry.listTags(repository())).toMatchObject({ kind: 'read' })
    })

    it('never sends them along with a redirect to another origin, nor shows them', async () => {
      const other = await startRegistryServer()
      server.auth = { kind: 'basic', ...login }
      server.fault = ({ url, authorization }) =>
        authorization === '' ? undefined : { kind: 'redirect', to: `http://${other.host}${url}` }
      const registry = openRegistry(server.host, { credentials: async () => login })
      const error = await registry.listTags(repository()).catch((reason: unknown) => reason)
      expect(other.requests.length).toBeGreaterThan(0)
      expect(other.requests.every(({ authorization }) => authorization === '')).toBe(true)
      expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('canary')
      await other.close()
    })

    it('asks nobody without encryption unless told to', async () => {
      const registry = openRegistry(server.host, { insecure: false })
      await expect(registry.listTags(repository())).rejects.toMatchObject({ code: 'registry-unreachable' })
      expect(server.requests).toEqual([])
    })
  })

  it('tells build times by label where asked to', async () => {
    const labels = { 'org.opencontainers.image.created': '2020-01-01T00:00:00Z' }
    const created = '2018-11-05T00:00:00Z'
    await pushConfig({ host: server.host, path: 'team/app' }, 'labelled', { created, config: { Labels: labels } })
    const plain = await openRegistry(server.host).readImage(repository(), 'labelled')
    const labelled = await openRegistry(server.host, { timeFromLabels: () => true }).readImage(repository(), 'labelled')
    expect([plain?.created, labelled?.created]).toEqual([Date.parse(created), Date.parse('2020-01-01T00:00:00Z')])
  })

  it('asks registry-1.docker.io for Docker Hub', async () => {
    const urls: string[] = []
    const answer = async (url: Parameters<typeof fetch>[0]) => {
      urls.push(String(url))
      return new Response('{"tags":["1"]}')
    }
    const registry = openRegistry('index.docker.io', { insecure: false, fetch: answer })
    await registry.listTags({ host: 'index.docker.io', path: 'library/nats' })
    expect(urls).toEqual(['https://registry-1.docker.io/v2/library/nats/tags/list?n=1000'])
  })
})
