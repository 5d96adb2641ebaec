import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CommandRecord } from '#lib/ports/store/index.ts'
import { testChannel } from '#lib/operations/command/test-channel.ts'
import { patchRelease } from '#lib/operations/work/release-records.ts'
import { settleAlerts } from '#lib/operations/work/settle-alerts.ts'
import { tellHost } from '#lib/operations/work/tell-host.ts'
import { startGitHubRepository, type GitHubRepositoryInTest } from '#test/fixtures/github-repository.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let under: GitHubRepositoryInTest
let worker: WorkerInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const document = (replicas: number) => ({
  'releases/dev/podinfo.yaml': { text: releaseText({ values: [`replicaCount: ${replicas}`] }) },
})

/** A release is deployed, GitHub knows its deployment, and a channel there is told of every incident. */
beforeEach(async () => {
  under = await startGitHubRepository('token')
  worker = await startWorkerInTest(await database.fresh(), under)
  worker.deps.gitHost = under.host()
  await tellHost(worker.deps)
  const made = { createdAt: worker.clock.time, createdBy: 'ann@example.test' }
  const channel = { id: 'gh', name: 'GitHub', host: 'the repository', config: { kind: 'github' as const } }
  await worker.store.saveChannel({ ...channel, sealed: {}, failures: 0, ...made })
  const any = { kinds: [], severities: [], environments: [], applications: [] }
  await worker.store.saveRule({ id: 'rule', channel: 'gh', ...any, ...made })
  await under.origin.push({ ...chartFiles, ...document(1) })
  await worker.fetch()
  await hostTold()
  return async () => {
    await worker.close()
    await under.server.stop()
  }
})

async function hostTold() {
  let again = await tellHost(worker.deps)
  while (again !== undefined) {
    worker.clock.time = Math.max(again, worker.clock.time + 1_000)
    again = await tellHost(worker.deps)
  }
}

async function health(kind: 'failing' | 'healthy', reason: string) {
  worker.clock.time += 1_000
  await patchRelease(worker.deps, worker.release('podinfo-dev').id, { health: kind, healthReason: reason })
  await worker.settle()
}

const statuses = () =>
  under.server.github.statuses
    .filter(({ context }) => context.startsWith('wheelhouse/alerts/'))
    .map(({ sha, context, state, description }) => `${sha.slice(0, 7)} ${context} ${state} ${description}`)
const deployments = () =>
  under.server.github.deployments.map((deployment) => deployment.statuses.map(({ state }) => state).join(' '))
const headOf = async () => (await under.origin.head()).slice(0, 7)

describe('an incident at GitHub', () => {
  it('of a release stands beside the commit that runs, fails its deployment, and is over with it', async () => {
    const commit = await headOf()
    await health('failing', 'Pod a crashes: canary-5f3d9c')
    await health('failing', 'Pod b crashes')
    const name = 'wheelhouse/alerts/podinfo-dev/unhealthy'
    expect(statuses()).toEqual([`${commit} ${name} failure podinfo-dev is unhealthy`])
    expect(deployments()).toEqual(['success failure'])
    await health('healthy', 'ready')
    expect(statuses().at(-1)).toBe(`${commit} ${name} success Recovered: podinfo-dev is unhealthy`)
    expect(deployments()).toEqual(['success failure success'])
    expect(JSON.stringify(under.server.github.statuses)).not.toContain('canary')
  })

  it('ends where it began, and leaves a deployment alone that something took the place of', async () => {
    const before = await headOf()
    await health('failing', 'Pod a crashes')
    await under.origin.push(document(2))
    await worker.fetch()
    await hostTold()
    await health('healthy', 'ready')
    expect(statuses().map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      `${before} wheelhouse/alerts/podinfo-dev/unhealthy failure`,
      `${before} wheelhouse/alerts/podinfo-dev/unhealthy success`,
    ])
    expect(deployments()[0]).toBe('success failure inactive')
  })

  it('of no release stands at the head', async () => {
    const alert = { key: 'test x', kind: 'rate-limited', severity: 'warning' as const, title: 'It is slow' }
    await settleAlerts(worker.deps, 'test ', { wanted: [{ ...alert, detail: 'd', nextStep: 'n' }], kept: [] })
    await worker.settle()
    expect(statuses()).toEqual([`${await headOf()} wheelhouse/alerts/rate-limited failure It is slow`])
    expect(deployments()).toEqual(['success'])
  })

  it('waits while GitHub asks for it', async () => {
    under.server.github.faults.plan({ kind: 'secondary-limit', status: 429, retryAfterSeconds: 60 })
    await health('failing', 'Pod a crashes')
    expect(statuses()).toEqual([])
    expect(await worker.store.getChannel('gh')).toMatchObject({ failures: 1, retryAt: worker.clock.time + 60_000 })
  })

  it('says why nobody hears of it where the repository is not there', async () => {
    worker.deps.gitHost = undefined
    await health('failing', 'Pod a crashes')
    expect((await worker.store.getChannel('gh'))?.problem).toContain('not at GitHub')
  })

  it('that is a test is one status at the head', async () => {
    const actor = { id: 'p', email: 'ann@example.test', name: 'Ann', roles: {} }
    await testChannel(worker.deps, { actor } as CommandRecord, 'gh')
    expect(statuses()).toEqual([expect.stringContaining(`${await headOf()} wheelhouse/alerts/test success`)])
    expect(deployments()).toEqual(['success'])
  })
})
