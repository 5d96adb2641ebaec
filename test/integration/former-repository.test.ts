import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { pushImage } from '#demo/world/push-image.ts'
import { endFormerWrites } from '#lib/operations/work/end-former-writes.ts'
import { startRegistryServer, type RegistryServer } from '#test/fakes/registry-server.ts'
import { createOrigin, type GitOrigin } from '#test/fixtures/git-origin.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest
let registry: RegistryServer
let other: GitOrigin

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

/** The same documents in two repositories, and one decided write for the first that was not pushed. */
beforeEach(async () => {
  registry = await startRegistryServer()
  worker = await startWorkerInTest(await database.fresh())
  other = await createOrigin()
  const image = `${registry.host}/app`
  const annotations = ['fluxcd.io/automated: "true"', 'fluxcd.io/tag.chart-image: semver:~1']
  const files = {
    ...chartFiles,
    'releases/dev/podinfo.yaml': { text: releaseText({ annotations, values: [`image: ${image}:1.0.0`] }) },
  }
  await pushImage({ registry: registry.host, repository: 'app', tag: '1.0.0' })
  await worker.origin.push(files)
  await other.push(files)
  await worker.fetch()
  await worker.scan(image)
  const { wakeups } = worker.deps
  const { wake } = wakeups
  wakeups.wake = (topic, key) => (topic === 'write' ? undefined : wake(topic, key))
  await pushImage({ registry: registry.host, repository: 'app', tag: '1.0.1' })
  worker.clock.time += 1_000
  await worker.scan(image)
  return async () => {
    await worker.close()
    await other.remove()
    await registry.close()
  }
})

/** As a worker begins. */
async function follow(options: { url?: string } = {}) {
  await worker.restart(options)
  await endFormerWrites(worker.deps)
}

it('a write that was decided for one repository is not made in another one, and says why', async () => {
  expect(await worker.store.pendingWrites()).toHaveLength(1)
  const head = await other.head()
  await follow({ url: other.bare })
  expect(await worker.store.pendingWrites()).toEqual([])
  const [operation] = await worker.store.listOperations({ limit: 1 })
  expect(operation).toMatchObject({ state: 'superseded', reason: expect.stringContaining('another repository') })
  worker.deps.settings.defaultMode = 'observe'
  await worker.fetch()
  worker.deps.wakeups.wake('write')
  await worker.settle()
  expect(await other.head()).toBe(head)
})

it('a restart with the same repository loses none of them', async () => {
  await follow()
  expect(await worker.store.pendingWrites()).toHaveLength(1)
  worker.deps.wakeups.wake('write')
  await worker.settle()
  expect(await worker.store.pendingWrites()).toEqual([])
  expect(await worker.origin.git(['-C', worker.origin.bare, 'show', 'main:releases/dev/podinfo.yaml'])).toContain(
    '1.0.1',
  )
})
