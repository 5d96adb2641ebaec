import { createHash } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createChartRepository, type ChartRepositoryOptions } from '#lib/adapters/chart-repository/index.ts'
import type { ChartAddress } from '#lib/ports/chart-repository.ts'
import { serveCharts, type ChartServer, type Page } from '#test/fixtures/chart-server.ts'

const archive = 'archive of podinfo 0.2.0'
const sha256 = createHash('sha256').update(archive).digest('hex')
const digest = `sha256:${sha256}`
const index = (url: string, sum: string = sha256, version = '0.2.0') =>
  `entries:\n  podinfo:\n  - version: ${version}\n    ${sum ? `digest: ${sum}\n    ` : ''}urls:\n    - ${url}\n`

describe('a Helm chart repository', () => {
  let charts: ChartServer
  let directory: string
  const open = (options: Partial<ChartRepositoryOptions> = {}) => {
    const repository = createChartRepository({ cacheDir: join(directory, 'cache'), ...options })
    return {
      ...repository,
      /** Both steps, as they follow each other. */
      async take(from: ChartAddress = source(), file = target()) {
        const found = await repository.find(from)
        return { found, digest: await repository.pull(from, found, file) }
      },
    }
  }
  const target = () => join(directory, 'podinfo.tgz')
  const source = (version = '0.2.0') => ({ url: `${charts.url}/stable`, name: 'podinfo', version })
  const paths = () => charts.requests.map(({ path }) => path)

  beforeEach(async () => {
    charts = await serveCharts()
    directory = await mkdtemp(join(tmpdir(), 'wheelhouse-charts-'))
    charts.pages.set('/stable/index.yaml', { body: index('podinfo-0.2.0.tgz'), headers: { etag: '"1"' } })
    charts.pages.set('/stable/podinfo-0.2.0.tgz', { body: archive })
    return async () => {
      await charts.close()
      await rm(directory, { recursive: true, force: true })
    }
  })

  it('gives the archive of a version, its address relative to the repository', async () => {
    expect(await open().take(source('~0.2'))).toEqual({
      found: { version: '0.2.0', location: 'podinfo-0.2.0.tgz', digest },
      digest,
    })
    expect(await readFile(target(), 'utf8')).toBe(archive)
  })

  it('is asked for its index each time, and sends it only where it changed', async () => {
    const known = await open().find(source('~0.2'))
    expect(await open().find(source('~0.2'))).toEqual(known)
    expect(charts.requests.map(({ status }) => status)).toEqual([200, 304])
    charts.pages.set('/stable/index.yaml', {
      body: index('podinfo-0.2.1.tgz', 'a'.repeat(64), '0.2.1'),
      headers: { etag: '"2"' },
    })
    expect(await open().find(source('~0.2'))).toMatchObject({ version: '0.2.1' })
    expect(paths()).not.toContain('/stable/podinfo-0.2.0.tgz')
  })

  it('gives an archive without a digest in its index too', async () => {
    charts.pages.set('/stable/index.yaml', { body: index('podinfo-0.2.0.tgz', '') })
    expect(await open().take()).toEqual({ found: { version: '0.2.0', location: 'podinfo-0.2.0.tgz' }, digest })
  })

  it('sends credentials to its own origin alone', async () => {
    const other = await serveCharts()
    other.pages.set('/podinfo.tgz', { body: archive })
    charts.pages.set('/stable/index.yaml', { body: index(`${other.url}/podinfo.tgz`) })
    await open({ credentials: async () => ({ username: 'u', password: 'p' }) }).take()
    expect(charts.requests[0]?.authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`)
    expect(other.requests).toMatchObject([{ path: '/podinfo.tgz', authorization: '' }])
    await other.close()
  })

  it('sends the credentials of the Secret that the source names', async () => {
    const credentials: ChartRepositoryOptions['credentials'] = async (host, secret) =>
      secret && { username: `${secret.namespace}/${secret.name}`, password: host }
    await open({ credentials }).take({ ...source(), secret: { namespace: 'dev', name: 's' } })
    const expected = `Basic ${Buffer.from(`dev/s:${new URL(charts.url).host}`).toString('base64')}`
    expect(charts.requests.map(({ authorization }) => authorization)).toEqual([expected, expected])
    await open({ credentials }).take()
    expect(charts.requests.at(-1)?.authorization).toBe('')
  })

  it('says how long it wants to be left alone', async () => {
    charts.pages.set('/stable/index.yaml', { status: 429, headers: { 'retry-after': '40' } })
    await expect(open().find(source())).rejects.toMatchObject({ retryable: true, retryAfterMs: 40_000 })
  })

  it.each<[string, string, Page, Record<string, unknown>]>([
    ['no index', '/stable/index.yaml', { status: 404 }, { code: 'chart-unavailable', retryable: false }],
    ['an index behind a password', '/stable/index.yaml', { status: 401 }, { code: 'chart-unavailable' }],
    ['500 for the index', '/stable/index.yaml', { status: 500 }, { code: 'chart-unavailable', retryable: true }],
    ['a web page as index', '/stable/index.yaml', { body: '<html>' }, { code: 'chart-unavailable', retryable: true }],
    ['half an index', '/stable/index.yaml', { body: 'entries:\n  podinfo: [' }, { code: 'chart-unavailable' }],
    ['an index without the chart', '/stable/index.yaml', { body: 'entries: {}' }, { code: 'chart-unavailable' }],
    ['no archive', '/stable/podinfo-0.2.0.tgz', { status: 404 }, { code: 'chart-unavailable', retryable: false }],
    ['another archive than its digest', '/stable/podinfo-0.2.0.tgz', { body: 'x' }, { code: 'chart-unavailable' }],
    [
      'a redirect to this machine under another name',
      '/stable/podinfo-0.2.0.tgz',
      { status: 302, headers: { location: 'http://localhost:1/x' } },
      { code: 'chart-unavailable' },
    ],
    [
      'an archive address without encryption',
      '/stable/index.yaml',
      { body: index('http://charts.example.test/podinfo.tgz') },
      { code: 'invalid' },
    ],
    ['a file address', '/stable/index.yaml', { body: index('file:///etc/passwd') }, { code: 'invalid' }],
  ])('with %s: a fault, and no file', async (_label, path, page, expected) => {
    charts.pages.set(path, page)
    await expect(open().take()).rejects.toMatchObject(expected)
    expect((await readdir(directory)).filter((name) => name !== 'cache')).toEqual([])
  })

  it.each([
    ['an address that is none', { url: 'stable', name: 'podinfo', version: '1' }],
    ['an OCI address', { url: 'oci://r.test/charts', name: 'podinfo', version: '1' }],
    ['a chart name with a path', { url: 'https://r.test', name: '../podinfo', version: '1' }],
    ['plain HTTP to a stranger', { url: 'http://charts.example.test', name: 'podinfo', version: '1' }],
  ])('refuses %s', async (_label, bad) => {
    await expect(open().take(bad)).rejects.toMatchObject({ code: 'invalid' })
  })
})
