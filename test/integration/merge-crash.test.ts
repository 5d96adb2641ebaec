import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { applyPromotion, getPromotion, listPromotions, promote } from '#lib/api/promotions.ts'
import type { Step } from '#lib/operations/work/deps.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { endedPromotion, headIsRead, revisionOf } from '#test/fixtures/promotion-work.ts'
import { deployedAbove, startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'
import { sourceRepository, type SourceRepository } from '#test/fixtures/source-repository.ts'
import { openStoreBeside } from '#test/fixtures/test-database.ts'
import { makeCrashFile, workerKills, type CrashFile, type WorkerKills } from '#test/fixtures/worker-kills.ts'

const pipeline = `applications:
  podinfo: {source: demo/podinfo}
environments: [dev, {name: stg, way: merge}, {name: prod, way: merge}]
`

let crash: CrashFile
let product: RunningProduct
let source: SourceRepository
let store: Store
let kills: WorkerKills

beforeAll(async () => {
  crash = await makeCrashFile()
  product = await startRunningProduct({ WHEELHOUSE_CRASH_AT: crash.path }, { github: true })
  source = sourceRepository(product)
  store = await openStoreBeside(product.product.database, 'merge-crash-test')
  kills = workerKills(product, store)
  await product.git.push({ 'wheelhouse.yaml': pipeline }, 'Merge the source')
  await headIsRead(product)
}, 900_000)
afterAll(async () => {
  await store?.close()
  await product?.stop()
  await crash?.remove()
}, 60_000)

const said = (id: string, words: string) =>
  waitUntil(`it says “${words}”`, async () => {
    const seen = await product.call(getPromotion, { params: { id } })
    if (!seen.reason.includes(words)) throw new Error(`${seen.state}: ${seen.reason}`)
    return seen
  })

const apply = ({ id, planDigest }: { id: string; planDigest: string }) =>
  product.call(applyPromotion, { params: { id }, body: { planDigest } })

let builds = 0

describe('the worker is killed in a promotion that merges', () => {
  it.each<[step: Step]>([['promotion.pull-opened'], ['promotion.before-merge'], ['promotion.merged']])(
    'at %s: one pull request, one merge, one deployment',
    async (step) => {
      const dev = await revisionOf(product, 'podinfo-dev', 'dev')
      const commit = await source.commit('dev', 'main.go', `package main // ${++builds}\n`)
      await source.build('-b', 'dev', '--sha', commit)
      await deployedAbove(product, 'podinfo-dev', 'dev', dev)
      const before = { pulls: (await source.pulls()).length, merges: await source.merges('stg') }
      const stg = await revisionOf(product, 'podinfo-rc', 'stg')

      await crash.arm(step)
      const id = step === 'promotion.pull-opened' ? await killedAtPlanning() : await killedOnceApplied()
      await said(id, 'waits for CI')
      expect(await source.pulls()).toHaveLength(before.pulls + 1)
      expect(await source.merges('stg')).toBe(before.merges + 1)

      await source.build('-b', 'stg', '--sha', await source.head('stg'))
      expect(await endedPromotion(product, id)).toMatchObject({ state: 'verified' })
      expect(await revisionOf(product, 'podinfo-rc', 'stg')).toBe(stg + 1)
    },
  )

  it('between tag and record: the tag is there once, and goes on', async () => {
    const planned = await product.call(promote, { body: { application: 'podinfo', to: 'prod' } })
    await said(planned.id, 'waits to be applied')
    await crash.arm('promotion.source-tagged')
    await kills.backAtWork(await kills.death(() => apply(planned)))
    const { merge } = await said(planned.id, 'waits for CI')
    const commit = await source.head('master')
    expect(merge?.merged?.commit).toBe(commit)
    expect(await source.tag(merge?.tag ?? '')).toBe(commit)
    await source.build('-v', merge?.tag ?? '', '--sha', commit)
    expect(await endedPromotion(product, planned.id)).toMatchObject({
      state: 'verified',
      images: [{ tag: merge?.tag }],
    })
  })
})

async function killedAtPlanning(): Promise<string> {
  // Whoever asked may be answered or not: the promotion is there.
  const ask = () => product.call(promote, { body: { application: 'podinfo', to: 'stg' } }).catch(() => undefined)
  await kills.backAtWork(await kills.death(ask))
  const planned = await waitUntil('it is planned', async () => {
    return (await product.call(listPromotions, { query: { open: 'true' } })).items.find(({ to }) => to === 'stg')
  })
  await said(planned.id, 'waits to be applied')
  await apply(planned)
  return planned.id
}

async function killedOnceApplied(): Promise<string> {
  const planned = await product.call(promote, { body: { application: 'podinfo', to: 'stg' } })
  await said(planned.id, 'waits to be applied')
  await kills.backAtWork(await kills.death(() => apply(planned)))
  return planned.id
}
