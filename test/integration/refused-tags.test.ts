import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pushImage } from '#demo/world/push-image.ts'
import { applyPromotion, promote } from '#lib/operations/command/promote.ts'
import { runPromotion } from '#lib/operations/work/run-promotion.ts'
import type { CommandRecord, PromotionRecord } from '#lib/ports/store/index.ts'
import { startRegistryServer, type RegistryServer } from '#test/fakes/registry-server.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let registry: RegistryServer
let worker: WorkerInTest

const prod = 'releases/prod/podinfo.yaml'
const id = 'pro-1'
const command: CommandRecord = {
  id: 'cmd-1',
  name: 'promote',
  input: {},
  actor: { id: 'per-1', email: 'ann@example.org', name: 'ann', roles: { '*': 'admin' } },
  createdAt: 0,
  state: { kind: 'queued' },
}

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  registry = await startRegistryServer()
  worker = await startWorkerInTest(await database.fresh())
  const image = (tag: string) => [`image: ${registry.host}/team/podinfo:${tag}`]
  for (const tag of ['dev-2', 'prod-1']) await pushImage({ registry: registry.host, repository: 'team/podinfo', tag })
  const annotations = ['fluxcd.io/tag.chart-image: glob:prod-*']
  await worker.origin.push({
    ...chartFiles,
    'releases/dev/podinfo.yaml': { text: releaseText({ values: image('dev-2') }) },
    [prod]: { text: releaseText({ name: 'podinfo-prod', namespace: 'prod', annotations, values: image('prod-1') }) },
  })
  await worker.fetch()
  return async () => {
    await worker.close()
    await registry.close()
  }
})

async function planned(): Promise<PromotionRecord> {
  await promote(worker.deps, command, id, { application: 'podinfo', to: 'prod' })
  const promotion = worker.deps.memory.promotions.get(id)
  if (!promotion) throw new Error('nothing is planned')
  await applyPromotion(worker.deps, command, promotion, promotion)
  return promotion
}

/** As its loop does, until it has ended or only waits. */
async function carriedOut(): Promise<PromotionRecord | undefined> {
  for (let look = 0; look < 5; look += 1) {
    if ((await runPromotion(worker.deps, id)) === undefined) break
    await worker.settle()
  }
  return worker.store.getPromotion(id)
}

describe('a registry that takes no tag', () => {
  it.each([401, 403])('and says so by %i: the promotion ends, and nothing is written', async (status) => {
    const head = await worker.origin.head()
    const promotion = await planned()
    expect(promotion).toMatchObject({ way: 'retag', facts: { images: [{ tag: 'prod-2' }] } })
    registry.fault = ({ method }) => (method === 'PUT' ? { kind: 'status', status } : undefined)
    const ended = await carriedOut()
    expect(ended).toMatchObject({ state: 'refused' })
    expect(ended?.reason).toMatch(new RegExp(`takes no tag from Wheelhouse: .*${status}.*Store a push credential`))
    expect(await worker.origin.head()).toBe(head)
    expect(await worker.store.pendingWrites()).toEqual([])
    expect(await worker.store.openIntents()).toEqual([])
  })

  it('for a while, is asked again', async () => {
    await planned()
    registry.fault = ({ method }) => (method === 'PUT' ? { kind: 'status', status: 503 } : undefined)
    await expect(carriedOut()).rejects.toMatchObject({ retryable: true })
    registry.fault = undefined
    await carriedOut()
    expect(await worker.origin.git(['-C', worker.origin.bare, 'show', `main:${prod}`])).toContain('podinfo:prod-2')
  })
})

it('a tag that somebody else takes between plan and click is never moved', async () => {
  await planned()
  const { digest } = await pushImage({ registry: registry.host, repository: 'team/podinfo', tag: 'prod-2' })
  const ended = await carriedOut()
  expect(ended).toMatchObject({ state: 'refused', reason: expect.stringMatching(/prod-2 names .*Choose another tag/) })
  const registered = await worker.deps.registry(registry.host, [])
  const address = { host: registry.host, path: 'team/podinfo' }
  expect(await registered.headTag(address, 'prod-2')).toMatchObject({ digest })
})

it('an image that is gone from the registry by the time of the click is not written', async () => {
  await planned()
  registry.fault = ({ method, url }) =>
    method !== 'PUT' && url.includes('/manifests/') ? { kind: 'status', status: 404 } : undefined
  const ended = await carriedOut()
  expect(ended).toMatchObject({
    state: 'refused',
    reason: expect.stringMatching(/does not have the image .*Push that very image there first/),
  })
  expect(await worker.store.pendingWrites()).toEqual([])
})

it('a promotion that ends has its release looked at again, which may wait for just that', async () => {
  const { release } = await planned()
  await pushImage({ registry: registry.host, repository: 'team/podinfo', tag: 'prod-2' })
  const woken: string[] = []
  const { wakeups } = worker.deps
  worker.deps.wakeups = {
    ...wakeups,
    wake(topic, key = '') {
      woken.push(`${topic} ${key}`)
      wakeups.wake(topic, key)
    },
  }
  expect(await runPromotion(worker.deps, id)).toBeUndefined()
  expect(woken).toContain(`release ${release}`)
})
