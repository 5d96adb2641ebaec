import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pushImage } from '#demo/world/push-image.ts'
import { runRelease } from '#lib/operations/work/run-release.ts'
import { writeCommits } from '#lib/operations/work/write-commits.ts'
import { startRegistryServer, type RegistryServer } from '#test/fakes/registry-server.ts'
import { chartFiles, configMapText, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'
import { fetchOnce } from '#workers/fetch.ts'

let database: TestDatabase
let worker: WorkerInTest
let registry: RegistryServer

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const file = 'releases/dev/podinfo.yaml'
const app = () => `${registry.host}/app`
const document = (tag: string) =>
  releaseText({
    annotations: ['fluxcd.io/automated: "true"', 'fluxcd.io/tag.chart-image: semver:~1'],
    values: [`image: ${app()}:${tag}`],
  })

/** Tag 1.0.0 is deployed; 1.0.1 is decided and waits for the writer, whom nothing wakes. */
beforeEach(async () => {
  registry = await startRegistryServer()
  worker = await startWorkerInTest(await database.fresh())
  await pushImage({ registry: registry.host, repository: 'app', tag: '1.0.0' })
  await worker.origin.push({ ...chartFiles, [file]: { text: document('1.0.0') } })
  await worker.fetch()
  await worker.scan(app())
  await pushImage({ registry: registry.host, repository: 'app', tag: '1.0.1' })
  const { wakeups } = worker.deps
  const { wake } = wakeups
  wakeups.wake = (topic, key) => (topic === 'write' ? undefined : wake(topic, key))
  worker.clock.time += 1_000
  await worker.scan(app())
  return () => Promise.all([worker.close(), registry.close()])
})

const release = () => worker.release('podinfo-dev')
const operations = async () =>
  (await worker.store.listOperations({ limit: 50 })).filter(({ cause }) => cause.kind === 'tag').reverse()
const onlyOperation = async () => {
  const [operation, ...others] = await operations()
  if (!operation || others.length > 0) throw new Error(`${others.length + 1} operations`)
  return operation
}
const trailOf = async (operation: string) => {
  await worker.store.chainAudit()
  return (await worker.store.listAudit({ operation, limit: 50 })).items.map(({ kind }) => kind).reverse()
}
const commitsOf = async (operation: string) => {
  const found = ['-C', worker.origin.bare, 'log', '--format=%H', `--grep=Wheelhouse-Op: ${operation}`, 'main']
  return (await worker.origin.git(found)).split('\n').filter(Boolean)
}

const oneChain = ['tag.seen', 'decision.made', 'commit.intent', 'commit.done', 'upgrade.intent', 'upgrade.done']

describe('a push that nobody wrote down', () => {
  it('is known by its operation before its upgrade begins', async () => {
    worker.deps.step = (step) => {
      if (step === 'commit.pushed') throw new Error('killed')
    }
    await expect(writeCommits(worker.deps)).rejects.toThrow('killed')
    const { id, state } = await onlyOperation()
    expect(state).toBe('decided')
    await worker.restart()
    await worker.fetch()
    expect(await onlyOperation()).toMatchObject({ state: 'succeeded', revision: 2 })
    expect(await trailOf(id)).toEqual(oneChain)
    expect(await commitsOf(id)).toHaveLength(1)
  })

  it('is known, too, when it comes after the next worker has looked for it', async () => {
    const { id } = await onlyOperation()
    await worker.restart()
    const { git } = worker.deps
    const { commit } = git
    git.commit = async (request) => {
      git.commit = commit
      await worker.origin.pull()
      await worker.origin.push({ [file]: { text: document('1.0.1') } }, `Auto-release\n\nWheelhouse-Op: ${id}`)
      return commit(request)
    }
    await worker.fetch()
    await writeCommits(worker.deps)
    await worker.settle()
    expect(await onlyOperation()).toMatchObject({ state: 'succeeded', revision: 2 })
    expect(await trailOf(id)).toEqual(oneChain)
    expect(await commitsOf(id)).toHaveLength(1)
  })

  it('is known, too, where the branch is read between our push that came too late and the next look', async () => {
    const { id } = await onlyOperation()
    await worker.restart()
    await worker.fetch()
    const { git } = worker.deps
    const { commit, fetch } = git
    git.commit = async (request) => {
      git.commit = commit
      await worker.origin.pull()
      await worker.origin.push({ [file]: { text: document('1.0.1') } }, `Auto-release\n\nWheelhouse-Op: ${id}`)
      const outcome = await commit(request)
      expect(outcome).toEqual({ kind: 'moved' })
      git.fetch = async () => {
        git.fetch = fetch
        await worker.fetch()
        return fetch()
      }
      return outcome
    }
    await writeCommits(worker.deps)
    await worker.settle()
    expect(await onlyOperation()).toMatchObject({ state: 'succeeded', revision: 2 })
    expect(await trailOf(id)).toEqual(oneChain)
    expect(await commitsOf(id)).toHaveLength(1)
  })
})

describe('a commit that the snapshot does not show', () => {
  it('waits for the upgrade that brings it', async () => {
    await worker.origin.push({ 'charts/podinfo/values.yaml': { text: 'replicaCount: 2\n' } })
    await fetchOnce(worker.deps, false)
    await writeCommits(worker.deps)
    expect(await onlyOperation()).toMatchObject({ state: 'committed' })
    await runRelease(worker.deps, release().id)
    expect(await onlyOperation()).toMatchObject({ state: 'committed' })
    await worker.settle()
    expect(await onlyOperation()).toMatchObject({ state: 'succeeded', revision: 3 })
  })

  it('ends when it was forced out of the branch, and is decided anew', async () => {
    await writeCommits(worker.deps)
    await worker.origin.pull()
    await worker.origin.forcePush(1, { 'namespaces/other.yaml': { text: configMapText('other') } })
    await worker.fetch()
    await writeCommits(worker.deps)
    await worker.settle()
    expect(await operations()).toMatchObject([
      { state: 'superseded', revision: 1 },
      { state: 'succeeded', revision: 2 },
    ])
    const [first] = await operations()
    expect((await trailOf(first?.id ?? '')).at(-1)).toBe('operation.superseded')
  })
})
