import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { prepareChart } from '#lib/operations/work/prepare-chart.ts'
import { refreshCharts } from '#lib/operations/work/refresh-charts.ts'
import { runRelease } from '#lib/operations/work/run-release.ts'
import { startRegistryServer, type RegistryServer } from '#test/fakes/registry-server.ts'
import { chartArchive, publish } from '#test/fixtures/chart-archive.ts'
import { serveCharts, type ChartServer } from '#test/fixtures/chart-server.ts'
import { pushChart } from '#test/fixtures/oci-push.ts'
import { releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest
let charts: ChartServer
let registry: RegistryServer

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  worker = await startWorkerInTest(await database.fresh())
  charts = await serveCharts()
  registry = await startRegistryServer()
  await publishVersions('1.2.0')
  await pushRedis('1.2.0')
  registry.requests.length = 0
  return async () => {
    await worker.close()
    await charts.close()
    await registry.close()
  }
})

const publishVersions = async (...versions: string[]) =>
  publish(
    charts,
    await Promise.all(
      versions.map(async (version) => ({
        name: 'nats',
        version,
        archive: await chartArchive('nats', version, '2.10'),
      })),
    ),
  )

/** Under another tag than its version, where one is given. */
const pushRedis = async (version: string, tag = version, appVersion = '7.2') =>
  pushChart({ host: registry.host, path: 'charts/redis' }, tag, await chartArchive('redis', version, appVersion))

const natsText = (version: string, more: Parameters<typeof releaseText>[0] = {}) => ({
  text: releaseText({
    name: 'nats',
    chart: `{repository: "${charts.url}", name: nats, version: "${version}"}`,
    ...more,
  }),
})
const redisText = (version: string, more: Parameters<typeof releaseText>[0] = {}) => ({
  text: releaseText({
    name: 'redis',
    chart: `{repository: "oci://${registry.host}/charts", name: redis, version: "${version}"}`,
    ...more,
  }),
})
/** A release of an OCIRepository with this `spec.ref`. */
const redisFrom = (ref: string) => ({
  text: [
    'apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: redis, namespace: dev}\n',
    `spec: {interval: 5m, url: "oci://${registry.host}/charts/redis", ref: ${ref}}\n---\n`,
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: redis, namespace: dev}\n',
    'spec: {interval: 5m, chartRef: {kind: OCIRepository, name: redis}}\n',
  ].join(''),
})

const nats = 'releases/dev/nats.yaml'
const redis = 'releases/dev/redis.yaml'

async function push(files: Parameters<WorkerInTest['origin']['push']>[0]) {
  await worker.origin.push(files)
  await worker.fetch()
}

async function refresh(afterMs = worker.deps.settings.pollIntervalMs) {
  worker.clock.time += afterMs
  const again = await refreshCharts(worker.deps)
  await worker.settle()
  return again
}

const chartOf = (name: string) => {
  const { chart } = worker.release(name)
  return `${chart.name} ${chart.version}`
}

async function prepared(name: string) {
  const desired = worker.deps.memory.snapshot?.releases.find((release) => release.name === name)
  if (!desired) throw new Error(`no release ${name}`)
  return prepareChart(worker.deps, desired)
}

const down = () => {
  charts.pages.set('/index.yaml', { status: 503 })
  registry.fault = () => ({ kind: 'status', status: 503 })
}

describe('a chart whose source does not answer', () => {
  it('is waited for, by all who want it together, with growing pauses', async () => {
    charts.pages.set('/index.yaml', { status: 503 })
    await push({ [nats]: natsText('1.2.0'), 'releases/dev/other.yaml': natsText('1.2.0', { name: 'other' }) })
    expect(worker.release('nats')).toMatchObject({ phase: 'waiting', reason: expect.stringContaining('503') as string })
    expect(worker.release('other').phase).toBe('waiting')
    expect(charts.requests).toHaveLength(1)

    const { id } = worker.release('nats')
    const first = await runRelease(worker.deps, id)
    expect(first).toBe(worker.clock.time + 5_000)
    worker.clock.time = first ?? 0
    expect(await runRelease(worker.deps, id)).toBe(worker.clock.time + 10_000)
    expect(charts.requests).toHaveLength(2)

    await publishVersions('1.2.0')
    worker.clock.time += 10_000
    await runRelease(worker.deps, id)
    expect(worker.helm.calls).toEqual(['install nats'])
  })

  it('is left alone for as long as it asks', async () => {
    charts.pages.set('/index.yaml', { status: 429, headers: { 'retry-after': '120' } })
    await push({ [nats]: natsText('1.2.0') })
    expect(await runRelease(worker.deps, worker.release('nats').id)).toBe(worker.clock.time + 120_000)
  })

  it('blocks where waiting is no use, until it can be had', async () => {
    await push({ [nats]: natsText('1.3.x'), [redis]: redisText('1.3.0') })
    expect(worker.release('nats')).toMatchObject({ phase: 'blocked', problems: [{ code: 'chart-unavailable' }] })
    expect(worker.release('redis').phase).toBe('blocked')
    await publishVersions('1.2.0', '1.3.1')
    await pushRedis('1.3.0')
    await refresh()
    expect([chartOf('nats'), chartOf('redis')]).toEqual(['nats 1.3.1', 'redis 1.3.0'])
    expect(worker.release('redis').phase).toBe('deployed')
  })
})

describe('what is no chart', () => {
  const damaged = async () => (await chartArchive('redis', '1.2.0')).fill(0, 30, 100)
  it.each([
    ['bytes', async () => Buffer.from('not really a tarball')],
    ['a damaged archive', damaged],
    ['an archive without Chart.yaml', () => chartArchive('redis/templates', '1.2.0')],
    ['a chart without a version', () => chartArchive('redis', 'latest')],
  ])('blocks, and nothing of it stays: %s', async (_label, archive) => {
    await pushChart({ host: registry.host, path: 'charts/redis' }, '3.0.0', await archive())
    await push({ [redis]: redisText('3.0.0') })
    expect(worker.release('redis')).toMatchObject({ phase: 'blocked', problems: [{ code: 'chart-invalid' }] })
    expect(await readdir(worker.deps.settings.chartsDir)).toEqual([])
  })
})

describe('the archive of an exact version', () => {
  it.each([
    ['Helm repository', nats, () => natsText('1.2.0'), 'nats', '2.10'],
    ['registry', redis, () => redisText('1.2.0'), 'redis', '7.2'],
    ['registry, by tag', redis, () => redisFrom('{tag: 1.2.0}'), 'redis', '7.2'],
  ])('of a %s serves again after a restart, its source away', async (_label, path, text, name, appVersion) => {
    await push({ [path]: text() })
    expect(worker.helm.calls).toEqual([`install ${name}`])
    const before = await prepared(name)
    expect(before).toMatchObject({ kind: 'ready', chart: { name, version: '1.2.0', appVersion } })
    await worker.restart()
    down()
    const asked = charts.requests.length + registry.requests.length
    await push({ 'README.md': { text: 'x' } })
    expect(await prepared(name)).toEqual(before)
    expect(worker.release(name).phase).toBe('deployed')
    expect(charts.requests.length + registry.requests.length).toBe(asked)
  })

  it('is pulled once for all who want it at the same time', async () => {
    await push({ [nats]: natsText('1.2.0') })
    await worker.restart()
    await worker.fetch()
    await rm(worker.deps.settings.chartsDir, { recursive: true })
    charts.requests.length = 0
    const [one, other] = await Promise.all([prepared('nats'), prepared('nats')])
    expect(one).toEqual(other)
    expect(charts.requests.map(({ path }) => path)).toEqual(['/index.yaml', '/nats-1.2.0.tgz'])
  })

  it('is pulled again where the one on disk is damaged', async () => {
    await push({ [nats]: natsText('1.2.0') })
    const before = await prepared('nats')
    const { chartsDir } = worker.deps.settings
    const [archive = ''] = await readdir(chartsDir)
    await writeFile(join(chartsDir, archive), 'half')
    await worker.restart()
    await push({ 'README.md': { text: 'x' } })
    expect(await prepared('nats')).toEqual(before)
  })

  it('is one under every name', async () => {
    await push({ [redis]: redisText('1.2.0') })
    const before = await prepared('redis')
    await push({ [redis]: redisFrom('{semver: 1.x}') })
    expect(await prepared('redis')).toMatchObject({ chart: { digest: before.kind === 'ready' && before.chart.digest } })
  })
})

describe('a source that moves on', () => {
  it('is looked at once in a poll interval; its users follow, those of an exact version stay', async () => {
    await push({ [nats]: natsText('1.x'), 'releases/dev/fixed.yaml': natsText('1.2.0', { name: 'fixed' }) })
    await refresh()
    worker.helm.calls.length = 0
    await publishVersions('1.2.0', '1.3.0')
    const asked = charts.requests.length
    expect(await refresh(1_000)).toBe(worker.clock.time - 1_000 + worker.deps.settings.pollIntervalMs)
    expect(charts.requests.length).toBe(asked)
    await refresh()
    expect(worker.helm.calls).toEqual(['upgrade nats'])
    expect([chartOf('nats'), chartOf('fixed')]).toEqual(['nats 1.3.0', 'nats 1.2.0'])
    expect(charts.requests.slice(asked).map(({ path }) => path)).toEqual(['/index.yaml', '/nats-1.3.0.tgz'])
  })

  it('as a range of versions in a registry', async () => {
    await pushRedis('1.3.0-rc.1')
    await push({ [redis]: redisText('~1.2') })
    expect(chartOf('redis')).toBe('redis 1.2.0')
    await pushRedis('1.2.5+build.7')
    await refresh()
    expect(chartOf('redis')).toBe('redis 1.2.5+build.7')
    const asked = registry.requests.length
    await refresh()
    expect(registry.requests.slice(asked).map(({ method }) => method)).toEqual(['GET', 'HEAD'])
    expect(worker.helm.calls).toEqual(['install redis', 'upgrade redis'])
  })

  it('as a tag that is given to another chart', async () => {
    await pushRedis('1.2.0', 'stable')
    await push({ [redis]: redisFrom('{tag: stable}') })
    await pushRedis('1.2.0', 'stable', '7.4')
    await refresh()
    expect(worker.helm.calls).toEqual(['install redis', 'upgrade redis'])
    await pushRedis('2.0.0', '1.2.0')
    await refresh()
    expect(worker.helm.calls).toHaveLength(2)
  })

  it('leaves its releases what they have when it is away or empty', async () => {
    await pushRedis('1.2.0', 'stable')
    await push({ [nats]: natsText('1.x'), [redis]: redisFrom('{tag: stable}') })
    down()
    await refresh()
    registry.fault = undefined
    registry.deleteTag('charts/redis', 'stable')
    await publishVersions('0.1.0')
    await refresh()
    await push({ [nats]: natsText('1.x', { values: ['replicaCount: 2'] }) })
    expect(worker.helm.calls).toEqual(['install nats', 'install redis', 'upgrade nats'])
    expect(worker.release('redis').phase).toBe('deployed')
  })

  it('is asked with the Secret and the encryption that its document names', async () => {
    const asked: unknown[] = []
    const { registry: open } = worker.deps
    worker.deps.registry = (...access) => {
      asked.push(access.slice(1))
      return open(...access)
    }
    const text = redisFrom('{tag: 1.2.0}').text.replace('ref:', 'insecure: true, secretRef: {name: pull}, ref:')
    await push({ [redis]: { text } })
    expect(asked).toEqual([[['dev'], { secret: { namespace: 'dev', name: 'pull' }, insecure: true }]])
  })
})
