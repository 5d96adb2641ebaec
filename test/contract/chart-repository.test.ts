import { createHash } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createChartRepository, type ChartRepositoryOptions } from '#lib/adapters/chart-repository/index.ts'
import { createRecordingLog } from '#test/fakes/recording-log.ts'

interface Page {
  status?: number
  body?: string
  headers?: Record<string, string>
}

interface ChartServer {
  url: string
  pages: Map<string, Page>
  requests: { path: string; authorization: string }[]
  server: Server
}

async function serve(): Promise<ChartServer> {
  const pages = new Map<string, Page>()
  const requests: ChartServer['requests'] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    requests.push({ path, authorization: request.headers.authorization ?? '' })
    const page = pages.get(path) ?? { status: 404 }
    const etag = page.headers?.['etag']
    const same = etag !== undefined && request.headers['if-none-match'] === etag
    response.writeHead(same ? 304 : (page.status ?? 200), page.headers).end(same ? undefined : page.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pages, requests, server }
}

async function stop({ server }: ChartServer): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

const archive = 'archive of podinfo 0.2.0'
const sha256 = createHash('sha256').update(archive).digest('hex')
const index = (url: string, digest: string | undefined = sha256) =>
  `entries:\n  podinfo:\n  - version: 0.2.0\n    ${digest ? `digest: ${digest}\n    ` : ''}urls:\n    - ${url}\n`

const credentials = async () => ({ username: 'u', password: 'p' })

describe('a Helm chart repository', () => {
  let charts: ChartServer
  let directory: string
  const open = (options: Partial<ChartRepositoryOptions> = {}) =>
    createChartRepository({ cacheDir: join(directory, 'cache'), log: createRecordingLog(), ...options })
  const target = () => join(directory, 'podinfo.tgz')
  const source = (version = '0.2.0') => ({ url: `${charts.url}/stable`, name: 'podinfo', version })
  const paths = () => charts.requests.map(({ path }) => path)

  beforeEach(async () => {
    charts = await serve()
    directory = await mkdtemp(join(tmpdir(), 'wheelhouse-charts-'))
    charts.pages.set('/stable/index.yaml', { body: index('podinfo-0.2.0.tgz'), headers: { etag: '"1"' } })
    charts.pages.set('/stable/podinfo-0.2.0.tgz', { body: archive })
    return async () => {
      await stop(charts)
      await rm(directory, { recursive: true, force: true })
    }
  })

  it('gives the archive of a version, its address relative to the repository', async () => {
    expect(await open().pull(source('~0.2'), target())).toEqual({ version: '0.2.0', digest: `sha256:${sha256}` })
    expect(await readFile(target(), 'utf8')).toBe(archive)
  })

  it('is asked once for an archive, and later only whether the index changed', async () => {
    const repository = open()
    await repository.pull(source(), target())
    await rm(target())
    await open().pull(source(), target())
    expect(paths()).toEqual(['/stable/index.yaml', '/stable/podinfo-0.2.0.tgz', '/stable/index.yaml'])
    expect(await readFile(target(), 'utf8')).toBe(archive)
  })

  it('gives an archive without a digest in its index too', async () => {
    charts.pages.set('/stable/index.yaml', { body: index('podinfo-0.2.0.tgz', '') })
    expect(await open().pull(source(), target())).toMatchObject({ digest: `sha256:${sha256}` })
  })

  it('sends credentials to its own origin alone', async () => {
    const other = await serve()
    other.pages.set('/podinfo.tgz', { body: archive })
    charts.pages.set('/stable/index.yaml', { body: index(`${other.url}/podinfo.tgz`) })
    await open({ credentials }).pull(source(), target())
    expect(charts.requests[0]?.authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`)
    expect(other.requests).toEqual([{ path: '/podinfo.tgz', authorization: '' }])
    await stop(other)
  })

  it('goes on with an exact version it gave before when it is down, and not with a range', async () => {
    await open().pull(source(), target())
    await rm(target())
    charts.pages.set('/stable/index.yaml', { status: 503 })
    expect(await open().pull(source(), target())).toMatchObject({ version: '0.2.0' })
    const range = open().pull(source('~0.2'), target())
    await expect(range).rejects.toMatchObject({ code: 'chart-unavailable', retryable: true })
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
    await expect(open().pull(source(), target())).rejects.toMatchObject(expected)
    expect((await readdir(directory)).filter((name) => name !== 'cache')).toEqual([])
  })

  it.each([
    ['an address that is none', { url: 'stable', name: 'podinfo', version: '1' }],
    ['an OCI address', { url: 'oci://r.test/charts', name: 'podinfo', version: '1' }],
    ['a chart name with a path', { url: 'https://r.test', name: '../podinfo', version: '1' }],
    ['plain HTTP to a stranger', { url: 'http://charts.example.test', name: 'podinfo', version: '1' }],
  ])('refuses %s', async (_label, bad) => {
    await expect(open().pull(bad, target())).rejects.toMatchObject({ code: 'invalid' })
  })
})
