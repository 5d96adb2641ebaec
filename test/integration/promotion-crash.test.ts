import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { applyPromotion, approvePromotion, listPromotions, promote, type PromotionDetail } from '#lib/api/promotions.ts'
import { endedPromotion, headIsRead, revisionOf } from '#test/fixtures/promotion-work.ts'
import { hasEnded } from '#lib/core/promotion/index.ts'
import type { Step } from '#lib/operations/work/deps.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { deployedAbove, startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'
import { openStoreBeside } from '#test/fixtures/test-database.ts'
import { makeCrashFile, workerKills, type CrashFile, type WorkerKills } from '#test/fixtures/worker-kills.ts'

let crash: CrashFile
let product: RunningProduct
let store: Store
let kills: WorkerKills

beforeAll(async () => {
  crash = await makeCrashFile()
  product = await startRunningProduct({ WHEELHOUSE_CRASH_AT: crash.path })
  store = await openStoreBeside(product.product.database, 'promotion-crash-test')
  kills = workerKills(product, store)
}, 900_000)
afterAll(async () => {
  await store?.close()
  await product?.stop()
  await crash?.remove()
}, 60_000)

/** Kinds of the rows of the trail that end this promotion. */
function ends(id: string): Promise<string[]> {
  return waitUntil('the trail has its end', async () => {
    const found = await endsSoFar(id)
    return found.length > 0 && found
  })
}

async function endsSoFar(id: string): Promise<string[]> {
  const { items } = await store.listAudit({ kind: 'promotion', limit: 200 })
  const own = items.filter(({ data }) => data.promotion === id).map(({ kind }) => kind)
  return own.filter((kind) => hasEnded(kind.replace('promotion.', '') as PromotionDetail['state']))
}

let pushed = 0

describe('the worker is killed in a promotion that re-tags', () => {
  it.each<[step: Step, time: number]>([
    ['promotion.before-tag', 1],
    ['promotion.tagged', 1],
    ['promotion.queued', 1],
    ['commit.before-push', 1],
    ['commit.pushed', 1],
    ['promotion.recorded', 1],
    ['promotion.recorded', 2],
    ['promotion.recorded', 3],
    ['promotion.recorded', 4],
  ])('at %s, time %i: it converges, with one end', async (step, time) => {
    const [dev, stg] = [await revisionOf(product, 'podinfo-dev', 'dev'), await revisionOf(product, 'podinfo-rc', 'stg')]
    const name = `crash${++pushed}`
    await product.pushImage('podinfo', `dev-${name}`)
    await deployedAbove(product, 'podinfo-dev', 'dev', dev)
    const head = await product.git.head()
    const planned = await product.call(promote, { body: { application: 'podinfo', to: 'stg' } })
    await crash.arm(step, time)
    const body = { planDigest: planned.planDigest }
    const death = await kills.death(() => product.call(applyPromotion, { params: { id: planned.id }, body }))
    await kills.backAtWork(death)

    expect(await endedPromotion(product, planned.id)).toMatchObject({
      state: 'verified',
      images: [{ tag: `stg-${name}` }],
    })
    expect(await ends(planned.id)).toEqual(['promotion.verified'])
    expect(await product.git.commits(head, await product.git.head())).toHaveLength(1)
    expect(await revisionOf(product, 'podinfo-rc', 'stg')).toBe(stg + 1)
  })
})

it('and in one that lets a push through: it converges, with one end', async () => {
  const file = 'releases/prod/podinfo.yaml'
  await product.git.push(
    { 'wheelhouse.yaml': 'environments:\n  - name: prod\n    gates: {approvals: {count: 1, separate: []}}\n' },
    'Gate prod',
  )
  await headIsRead(product)
  const prod = await revisionOf(product, 'podinfo-prod', 'prod')
  const text = await product.git.read(file)
  await product.git.push({ [file]: text.replace('replicaCount: 3', 'replicaCount: 4') }, 'Four of them')
  const { id, planDigest } = await waitUntil('it waits', async () => {
    const { items } = await product.call(listPromotions, { query: { open: 'true' } })
    return items.find(({ state, to }) => to === 'prod' && state === 'waiting')
  })
  await crash.arm('promotion.let-through')
  const approve = () => product.call(approvePromotion, { params: { id }, body: { planDigest } })
  await kills.backAtWork(await kills.death(approve))

  expect(await endedPromotion(product, id)).toMatchObject({ state: 'verified', way: 'let-through' })
  expect(await ends(id)).toEqual(['promotion.verified'])
  expect(await revisionOf(product, 'podinfo-prod', 'prod')).toBe(prod + 1)
})
