import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pushImage } from '#demo/world/push-image.ts'
import { writeCommits } from '#lib/operations/work/write-commits.ts'
import { startRegistryServer, type RegistryServer } from '#test/fakes/registry-server.ts'
import { canary, startGitHubRepository, type GitHubRepositoryInTest } from '#test/fixtures/github-repository.ts'
import { chartFiles, configMapText, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let registry: RegistryServer
let under: GitHubRepositoryInTest
let worker: WorkerInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const dev = 'releases/dev/podinfo.yaml'
const app = () => `${registry.host}/app`
const document = (tag: string) => {
  const annotations = ['fluxcd.io/automated: "true"', 'fluxcd.io/tag.chart-image: semver:~1']
  return { [dev]: { text: releaseText({ annotations, values: [`image: ${app()}:${tag}`] }) } }
}
const github = () => under.server.github
const fileAtHead = () => under.origin.git(['-C', under.origin.bare, 'show', `main:${dev}`])
const waits = async () => (await worker.store.pendingWrites()).length
const alerts = async () => worker.store.listAlerts({ open: true, limit: 9 })
/** Of the updates that tags led to. */
const states = async () => {
  const operations = await worker.store.listOperations({ limit: 9 })
  return operations.filter(({ cause }) => cause.kind === 'tag').map(({ state }) => state)
}
const updateRef = 'PATCH /repos/{owner}/{repo}/git/refs/{ref}'

/** The release is deployed at 1.0.0, and the repository is at a GitHub where a credential of that kind is good. */
async function start(kind: 'token' | 'app') {
  registry = await startRegistryServer()
  under = await startGitHubRepository(kind)
  worker = await startWorkerInTest(await database.fresh(), under)
  await pushImage({ registry: registry.host, repository: 'app', tag: '1.0.0' })
  await under.origin.push({ ...chartFiles, ...document('1.0.0') })
  await worker.fetch()
  await worker.scan(app())
  return async () => {
    await worker.close()
    await Promise.all([registry.close(), under.server.stop()])
  }
}

/** 1.0.1 appears, is decided for, and written or not. */
async function release() {
  await pushImage({ registry: registry.host, repository: 'app', tag: '1.0.1' })
  worker.clock.time += 1_000
  await worker.scan(app())
}

async function writeAgain() {
  worker.clock.time += 600_000
  worker.deps.wakeups.wake('write')
  await worker.settle()
}

describe.each(['token', 'app'] as const)('by %s', (kind) => {
  beforeEach(() => start(kind))

  it('an update becomes one commit by the API, in the name of Wheelhouse', async () => {
    const before = await under.origin.head()
    await release()
    expect(await states()).toEqual(['succeeded'])
    expect(await fileAtHead()).toContain(`image: ${app()}:1.0.1`)
    const log = await under.origin.git(['-C', under.origin.bare, 'log', '--format=%P %an %cn', `${before}..main`])
    expect(log).toBe(`${before} Wheelhouse Wheelhouse`)
  })

  it.each<[string, string, () => void, () => void]>([
    [
      'the credential is revoked in mid-work',
      kind === 'token' ? 'no longer accepts the token' : 'not installed at acme/config',
      () => {
        github().faults.before(updateRef, async () => {
          github().identities.revokeTokens('people')
          github().identities.uninstall()
        })
      },
      () => {
        github().identities.admit({ login: 'grace', token: canary })
        github().identities.install()
      },
    ],
    [
      'the repository is renamed in mid-work',
      'was renamed',
      () => github().faults.before(updateRef, async () => github().rename('configuration')),
      () => github().rename('config'),
    ],
  ])('%s: nothing is lost, and a person is told', async (_label, words, spoil, mend) => {
    spoil()
    await release()
    expect(await fileAtHead()).toContain(`image: ${app()}:1.0.0`)
    expect([await waits(), await states()]).toEqual([1, ['decided']])
    const [alert, ...more] = await alerts()
    expect(alert).toMatchObject({ kind: 'push-refused', detail: expect.stringContaining(words) })
    expect(more).toEqual([])
    expect(JSON.stringify(alert)).not.toContain(canary)
    mend()
    await writeAgain()
    expect([await waits(), await states(), await alerts()]).toEqual([0, ['succeeded'], []])
    expect(await fileAtHead()).toContain(`image: ${app()}:1.0.1`)
  })

  it.each([
    ['5xx', { kind: 'error', status: 502 } as const],
    ['an answer that gets lost', { kind: 'lost-answer' } as const],
  ])('%s: written once, later', async (_label, fault) => {
    const before = await under.origin.head()
    github().faults.plan(fault, { operation: updateRef })
    await expect(release()).rejects.toMatchObject({ code: 'git-unreachable' })
    expect(await waits()).toBe(1)
    await writeAgain()
    expect([await waits(), await states()]).toEqual([0, ['succeeded']])
    expect((await under.origin.git(['-C', under.origin.bare, 'rev-list', `${before}..main`])).split('\n')).toHaveLength(
      1,
    )
  })

  it.each([
    ['the rate limit', { kind: 'primary-limit', resetInMs: 2_000 } as const],
    ['a secondary limit', { kind: 'secondary-limit', status: 429, retryAfterSeconds: 2 } as const],
  ])('%s: waits as long as GitHub asks, then writes', async (_label, fault) => {
    github().faults.plan(fault, { operation: updateRef })
    const limited = await release().catch((error: unknown) => error)
    expect(limited).toMatchObject({ code: 'rate-limited', retryable: true })
    await expect(writeCommits(worker.deps)).rejects.toMatchObject({ code: 'rate-limited' })
    await expect
      .poll(() => writeCommits(worker.deps).catch(() => undefined), { timeout: 10_000 })
      .toMatchObject({
        kind: 'committed',
      })
    expect(await fileAtHead()).toContain(`image: ${app()}:1.0.1`)
  })

  it('a push of somebody else right before: both are in Git', async () => {
    github().faults.before(updateRef, () => under.origin.push({ 'releases/dev/x.yaml': { text: configMapText('x') } }))
    await release()
    expect(await states()).toEqual(['succeeded'])
    expect(await fileAtHead()).toContain(`image: ${app()}:1.0.1`)
    expect(await under.origin.git(['-C', under.origin.bare, 'show', 'main:releases/dev/x.yaml'])).toContain('name: x')
  })

  it('emptied: nothing is deleted or written, and what is there stays desired', async () => {
    await github().bare.empty()
    await release().catch(() => undefined)
    await expect(worker.fetch()).rejects.toMatchObject({
      code: 'git-unreachable',
      message: expect.stringContaining('no branch main'),
    })
    expect(worker.cluster.deleted).toEqual([])
    expect(worker.release('podinfo-dev').desired).toBeDefined()
    expect(await github().bare.isEmpty()).toBe(true)
  })

  it('force-pushed: the update is made on the head that is there now', async () => {
    await under.origin.push({ 'README.md': { text: 'more\n' } })
    await worker.fetch()
    const head = await under.origin.forcePush(1, { 'README.md': { text: 'rewritten\n' } })
    await release()
    const parents = await under.origin.git(['-C', under.origin.bare, 'rev-list', '--max-count=2', 'main'])
    expect(parents.split('\n')[1]).toBe(head)
    expect(await fileAtHead()).toContain(`image: ${app()}:1.0.1`)
  })
})
