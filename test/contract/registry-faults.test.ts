import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { RegistryFault, RegistryServer } from '#test/fakes/registry-server.ts'
import { pushChart, pushConfig } from '#test/fixtures/oci-push.ts'
import { openRegistry, seededTags, startSeededRegistry } from '#test/fixtures/open-registry.ts'

const elsewhere = (url: string) => ({ link: `<${url}>; rel="next"` })

describe('a registry that answers badly', () => {
  let server: RegistryServer
  const repository = () => ({ host: server.host, path: 'team/app' })

  beforeEach(async () => {
    server = await startSeededRegistry()
    return () => server.close()
  })

  it.each<[string, RegistryFault, Record<string, unknown>]>([
    ['401', { kind: 'status', status: 401 }, { code: 'registry-unauthorized', retryable: false }],
    ['403', { kind: 'status', status: 403 }, { code: 'registry-unauthorized', retryable: false }],
    ['404', { kind: 'status', status: 404 }, { code: 'not-found' }],
    ['500', { kind: 'status', status: 500 }, { code: 'registry-unreachable', retryable: true }],
    [
      '503 with a time',
      { kind: 'status', status: 503, headers: { 'retry-after': '7' } },
      { code: 'registry-unreachable', retryAfterMs: 7000 },
    ],
    [
      '429 with seconds',
      { kind: 'status', status: 429, headers: { 'retry-after': '120' } },
      { code: 'rate-limited', retryable: true, retryAfterMs: 120_000 },
    ],
    [
      '429 with a date far ahead',
      { kind: 'status', status: 429, headers: { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' } },
      { code: 'rate-limited', retryAfterMs: 900_000 },
    ],
    ['429 without a time', { kind: 'status', status: 429 }, { code: 'rate-limited', retryAfterMs: 30_000 }],
    ['a web page', { kind: 'status', status: 200, body: '<html>sign in' }, { code: 'registry-answer-invalid' }],
    ['other JSON', { kind: 'status', status: 200, body: '{"tags":[1,2]}' }, { code: 'registry-answer-invalid' }],
    ['half a page', { kind: 'half' }, { code: 'registry-unreachable', retryable: true }],
    ['JSON cut in the middle', { kind: 'cut-json' }, { code: 'registry-answer-invalid' }],
    ['a teapot', { kind: 'status', status: 418 }, { code: 'registry-answer-invalid' }],
    [
      'a next page at another host',
      { kind: 'headers', headers: elsewhere('http://evil.example.test/v2/team/app/tags/list') },
      { code: 'registry-answer-invalid' },
    ],
    [
      'a next page that is this page',
      { kind: 'headers', headers: elsewhere('/v2/team/app/tags/list?n=1000') },
      { code: 'registry-answer-invalid' },
    ],
    [
      'a redirect to this machine',
      { kind: 'redirect', to: 'http://localhost:1/x' },
      { code: 'registry-answer-invalid' },
    ],
    ['a redirect to itself', { kind: 'redirect', to: '/v2/team/app/tags/list' }, { code: 'registry-answer-invalid' }],
  ])('%s', async (_label, fault, expected) => {
    server.fault = () => fault
    await expect(openRegistry(server.host).listTags(repository())).rejects.toMatchObject(expected)
  })

  it('never gives a half list when a later page fails', async () => {
    server.pageSize = 2
    server.fault = ({ url }) => (url.includes('last=1.0.3') ? { kind: 'status', status: 404 } : undefined)
    await expect(openRegistry(server.host).listTags(repository())).rejects.toMatchObject({
      code: 'registry-answer-invalid',
    })
  })

  it('20 MB of tags and more', async () => {
    server.fault = () => ({ kind: 'status', status: 200, body: `{"tags":["${'x'.repeat(21 * 1024 * 1024)}"]}` })
    await expect(openRegistry(server.host).listTags(repository())).rejects.toMatchObject({
      code: 'registry-answer-invalid',
      retryable: false,
    })
  })

  it('is not there at all', async () => {
    await server.close()
    await expect(openRegistry(server.host).listTags(repository())).rejects.toMatchObject({
      code: 'registry-unreachable',
      retryable: true,
    })
  })

  it('leaves out names that are no tags', async () => {
    const tags = ['1.0.0', 'x'.repeat(300), 'a\nWheelhouse-Op: forged', '../up', '']
    server.fault = () => ({ kind: 'status', status: 200, body: JSON.stringify({ tags }) })
    expect(await openRegistry(server.host).listTags(repository())).toMatchObject({ tags: ['1.0.0'] })
  })

  it('an empty repository as null', async () => {
    for (const tag of seededTags) server.deleteTag('team/app', tag)
    expect(await openRegistry(server.host).listTags(repository())).toMatchObject({ kind: 'read', tags: [] })
  })

  it('a manifest with another content than its digest', async () => {
    const headers = { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }
    server.fault = ({ url }) => (url.includes('manifests') ? { kind: 'headers', headers } : undefined)
    await expect(openRegistry(server.host).readImage(repository(), '1.0.0')).rejects.toMatchObject({
      code: 'registry-answer-invalid',
    })
  })

  it('a configuration that is garbage', async () => {
    await pushConfig({ host: server.host, path: 'team/app' }, 'bad', 'not json')
    await expect(openRegistry(server.host).readImage(repository(), 'bad')).rejects.toMatchObject({
      code: 'registry-answer-invalid',
    })
    await pushConfig({ host: server.host, path: 'team/app' }, 'bad', { created: 5 })
    await expect(openRegistry(server.host).readImage(repository(), 'bad')).rejects.toMatchObject({
      code: 'registry-answer-invalid',
    })
  })

  it('a chart archive with another content than its digest: no file', async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'wheelhouse-chart-'))
    const digest = await pushChart({ host: server.host, path: 'team/app' }, '9.0.0', Buffer.from('archive'))
    const wrong: RegistryFault = { kind: 'status', status: 200, body: 'something else' }
    server.fault = ({ url }) => (url.endsWith(digest) ? wrong : undefined)
    const file = join(scratch, 'app.tgz')
    await expect(openRegistry(server.host).pullChart(repository(), '9.0.0', file)).rejects.toMatchObject({
      code: 'registry-answer-invalid',
    })
    server.fault = ({ url }) => (url.endsWith(digest) ? { kind: 'half' } : undefined)
    await expect(openRegistry(server.host).pullChart(repository(), '9.0.0', file)).rejects.toMatchObject({
      code: 'registry-unreachable',
    })
    expect(await readdir(scratch)).toEqual([])
    await rm(scratch, { recursive: true })
  })
})
