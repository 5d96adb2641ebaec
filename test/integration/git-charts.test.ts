import { existsSync } from 'node:fs'
import { mkdir, readdir, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { prepareChart } from '#lib/operations/work/prepare-chart.ts'
import { refreshCharts } from '#lib/operations/work/refresh-charts.ts'
import type { AttemptRecord } from '#lib/ports/store/index.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  worker = await startWorkerInTest(await database.fresh())
  return () => worker.close()
})

const podinfo = 'releases/dev/podinfo.yaml'
const chart = (version: string) => ({ text: `apiVersion: v2\nname: podinfo\nversion: ${version}\n` })
const from = (source: string, name = 'podinfo-dev') => ({ text: releaseText({ name, chart: source }) })

async function push(files: Parameters<WorkerInTest['origin']['push']>[0]) {
  const commit = await worker.origin.push(files)
  await worker.fetch()
  return commit
}

/** As the loops do after each fetch. */
async function fetchAndRefresh() {
  await worker.fetch()
  await refreshCharts(worker.deps)
  await worker.settle()
}

async function pathOf(name = 'podinfo-dev') {
  const desired = worker.deps.memory.snapshot?.releases.find((release) => release.name === name)
  const ready = desired && (await prepareChart(worker.deps, desired))
  return ready?.kind === 'ready' ? ready.chart.path : ''
}

describe('a chart of a Git repository', () => {
  it('is not taken from ours where it is said to be in another', async () => {
    await push({ ...chartFiles, [podinfo]: from('{git: "https://git.example.org/charts", path: charts/podinfo}') })
    expect(worker.helm.calls).toEqual([])
    expect(worker.release('podinfo-dev')).toMatchObject({
      phase: 'blocked',
      problems: [{ code: 'chart-source', severity: 'error', path: podinfo, subject: 'dev:helmrelease/podinfo-dev' }],
    })
  })

  it('is taken from ours by whatever name', async () => {
    const { bare, branch } = worker.origin
    await push({ ...chartFiles, [podinfo]: from(`{git: "file://${bare}/", ref: ${branch}, path: charts/podinfo}`) })
    expect(worker.helm.calls).toEqual(['install podinfo-dev'])
  })

  it('is unpacked apart where its dependencies are not wanted', async () => {
    await push({
      ...chartFiles,
      [podinfo]: from('{path: charts/podinfo}'),
      'releases/dev/bare.yaml': from('{path: charts/podinfo, skipDepUpdate: true}', 'bare'),
    })
    expect(await pathOf('bare')).toBe(`${await pathOf()}-bare`)
  })

  it('whose dependencies cannot be had is tried again, at once with the next commit', async () => {
    const { helm } = worker
    const { buildDependencies } = helm
    helm.buildDependencies = async () => ({ kind: 'failed', message: 'no such host' })
    const needy = {
      text: `${chart('0.2.0').text}dependencies: [{name: redis, version: 1.x, repository: "https://x.example"}]\n`,
    }
    await push({ 'charts/podinfo/Chart.yaml': needy, [podinfo]: from('{path: charts/podinfo}') })
    expect(worker.release('podinfo-dev')).toMatchObject({
      phase: 'waiting',
      reason: expect.stringContaining('no such host') as string,
    })
    helm.buildDependencies = buildDependencies
    await push({ 'README.md': { text: 'x' } })
    expect(helm.calls).toEqual(['install podinfo-dev'])
  })
})

describe('a chart of another ref', () => {
  let commits: string[]
  const point = (commit: string | undefined) =>
    worker.origin.git(['push', '--quiet', '--force', 'origin', `${commit ?? ''}:refs/heads/charts`])

  beforeEach(async () => {
    const { origin } = worker
    commits = [
      await origin.push({ 'charts/podinfo/Chart.yaml': chart('0.2.0') }),
      await origin.push({ 'README.md': { text: 'x' } }),
      await origin.push({ 'charts/podinfo/Chart.yaml': chart('0.2.1') }),
    ]
    await point(commits[0])
    await push({ [podinfo]: from('{path: charts/podinfo, ref: charts}') })
    await fetchAndRefresh()
  })

  const version = () => worker.release('podinfo-dev').chart.version

  it('is followed though the branch stays where it is', async () => {
    await point(commits[1])
    await fetchAndRefresh()
    expect([version(), worker.helm.calls]).toEqual(['0.2.0', ['install podinfo-dev']])
    await point(commits[2])
    await fetchAndRefresh()
    expect([version(), worker.helm.calls]).toEqual(['0.2.1', ['install podinfo-dev', 'upgrade podinfo-dev']])
  })

  it('blocks while the ref is gone, and goes on with it', async () => {
    await point(undefined)
    await fetchAndRefresh()
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'blocked', problems: [{ code: 'chart-invalid' }] })
    await point(commits[0])
    await fetchAndRefresh()
    expect(worker.release('podinfo-dev').phase).toBe('deployed')
    expect(worker.helm.calls).toEqual(['install podinfo-dev'])
  })
})

describe('charts that nobody uses any more', () => {
  const unpacked = () => readdir(worker.deps.settings.chartsDir)
  const sweep = () => refreshCharts(worker.deps)

  /** One chart after the other, each unpacked a second later. */
  async function go(from: number, to: number) {
    const paths: string[] = []
    for (let patch = from; patch <= to; patch += 1) {
      await push({ 'charts/podinfo/Chart.yaml': chart(`0.2.${patch}`) })
      const path = await pathOf()
      await utimes(path, patch, patch)
      paths.push(path)
    }
    return paths
  }

  beforeEach(() => push({ [podinfo]: from('{path: charts/podinfo}') }))

  it('go, but for the newest few and those in use', async () => {
    await worker.origin.push({ 'charts/podinfo/Chart.yaml': chart('0.2.0') })
    await worker.origin.git(['push', '--quiet', 'origin', 'HEAD:refs/heads/old'])
    await push({ 'releases/dev/old.yaml': from('{path: charts/podinfo, ref: old}', 'old') })
    const old = await pathOf('old')
    await utimes(old, 0, 0)
    const paths = await go(1, 8)
    await sweep()
    expect((await unpacked()).toSorted()).toEqual([old, ...paths.slice(2)].map((path) => basename(path)).toSorted())
    expect(worker.deps.memory.charts.directories.size).toBe(7)
  })

  it('stay while helm runs on them', async () => {
    const [first = ''] = await go(1, 1)
    const { attempts } = worker.deps.memory
    const { id } = worker.release('podinfo-dev')
    const attempt = attempts.get(id) as AttemptRecord
    await push({ [podinfo]: { removed: true } })
    const { chartsDir } = worker.deps.settings
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => mkdir(join(chartsDir, name))))
    attempts.set(id, { ...attempt, state: 'running' })
    await sweep()
    expect(existsSync(first)).toBe(true)
    attempts.set(id, attempt)
    await sweep()
    expect(existsSync(first)).toBe(false)
  })
})
