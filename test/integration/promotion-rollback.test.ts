import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { applyPromotion, approvePromotion, getPromotion } from '#lib/api/promotions.ts'
import { liftHold } from '#lib/api/release-commands.ts'
import { getRelease, listReleases } from '#lib/api/releases.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { endedPromotion, headIsRead } from '#test/fixtures/promotion-work.ts'
import { startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'
import { misbehaving, openShop, type Shop } from '#test/fixtures/shop.ts'
import { openStoreBeside } from '#test/fixtures/test-database.ts'

const { neverReady, failsInHook } = misbehaving
const pipeline = (rollback: boolean) => `environments:
  - dev
  - name: stg
    gates: {approvals: {count: 1, separate: []}}
    verify: {timeout: 8s, rollback: ${rollback}}
  - prod
`

let product: RunningProduct
let store: Store
let shop: Shop

/** Whether it is rolled back when it does not become healthy. */
async function policy(rollback: boolean): Promise<void> {
  await product.git.push({ 'wheelhouse.yaml': pipeline(rollback) }, `Roll back: ${rollback}`)
  await headIsRead(product)
}

/** Promotes a version to stg, approved as the gates want it; returns the promotion and the head before its commit. */
async function promoted(version: string): Promise<{ id: string; head: string }> {
  const { id, planDigest } = await shop.plan(version)
  const head = await product.git.head()
  await product.call(applyPromotion, { params: { id }, body: { planDigest } })
  await product.call(approvePromotion, { params: { id }, body: { planDigest } })
  return { id, head }
}

const commitsSince = async (head: string) => product.git.commits(head, await product.git.head())

/** Lifts the hold that a rollback left, which is a commit. */
async function lift(): Promise<void> {
  const head = await product.git.head()
  await product.call(liftHold, { params: { id: (await inStg()).id } })
  await waitUntil('the hold is lifted', async () => (await product.git.head()) !== head)
  await headIsRead(product)
}

async function inStg() {
  const { items } = await product.call(listReleases, { query: {} })
  const id = items.find(({ name }) => name === 'shop-stg')?.id ?? ''
  return (await product.call(getRelease, { params: { id } })).release
}

/** Kinds of the rows of the trail about a promotion, oldest first, with their reasons. */
async function trail(id: string): Promise<{ kind: string; reason?: string }[]> {
  const { items } = await store.listAudit({ limit: 500 })
  return items.filter(({ data }) => data.promotion === id).toReversed()
}

beforeAll(async () => {
  product = await startRunningProduct()
  store = await openStoreBeside(product.product.database, 'promotion-rollback-test')
  shop = await openShop(product)
}, 900_000)
afterAll(async () => {
  await store?.close()
  await product?.stop()
}, 60_000)

describe('a promotion that fails its verification, where wheelhouse.yaml rolls back', () => {
  let id: string
  let before: number

  it('is taken back by one commit with the earlier spec, the hold and the refused tag', async () => {
    await policy(true)
    before = await shop.revision()
    const earlier = await product.git.read(shop.file('stg'))
    const promotion = await promoted(`2.0.0${neverReady}`)
    id = promotion.id
    expect(await endedPromotion(product, id)).toMatchObject({ state: 'rolled-back' })

    const [back, own, ...others] = await commitsSince(promotion.head)
    expect(others).toEqual([])
    expect(await product.git.message(own ?? '')).toContain(`promotion ${id} from dev`)
    expect(await product.git.message(back ?? '')).toContain(`promotion ${id}, not healthy`)
    const text = await product.git.read(shop.file('stg'))
    expect(text.slice(text.indexOf('spec:'))).toBe(earlier.slice(earlier.indexOf('spec:')))
    expect(text).toContain('fluxcd.io/locked: "true"')
    expect(text).toContain(`wheelhouse.dev/refuse.chart-image: 2.0.0${neverReady}`)
  })

  it('has the earlier version deployed again, past the gates, which only what is new has to pass', async () => {
    expect(await shop.revision()).toBe(before + 2)
    expect(await shop.manifest()).toContain('/shop:1.0.0"')
    const release = await inStg()
    expect(release).toMatchObject({ phase: 'deployed', revision: before + 2, images: [{ tag: '1.0.0' }] })
    expect(release.lock?.message).toContain('did not become healthy')
  })

  it('says what was not well, who took it back and when, in its timeline and in the trail', async () => {
    const { reason, steps } = await product.call(getPromotion, { params: { id } })
    expect(reason).toMatch(
      new RegExp(`^Revision ${before + 1} did not become healthy within 8 s: .+ Rolled back by op\\S+\\.$`),
    )
    const states = steps.map(({ state }) => state)
    expect(states.slice(-4)).toEqual(['writing', 'deploying', 'verifying', 'rolled-back'])
    expect(steps.at(-2)?.reason).toContain('did not become healthy within 8 s')
    const rows = await trail(id)
    expect(rows.filter(({ kind }) => kind === 'rollback.decided')).toHaveLength(1)
    expect(rows.find(({ kind }) => kind === 'rollback.decided')?.reason).toContain('did not become healthy')
    expect(rows.at(-1)).toMatchObject({ kind: 'promotion.rolled-back', reason })
  })

  it('and is refused when it comes again, once the hold is lifted', async () => {
    await lift()
    const head = await product.git.head()
    const { id: again } = await shop.plan(`2.0.0${neverReady}`)
    expect(await endedPromotion(product, again)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/it was rolled back there.*Promote another tag/),
    })
    expect(await commitsSince(head)).toEqual([])
  })

  it('goes back as well where helm itself failed', async () => {
    const revision = await shop.revision()
    const promotion = await promoted(`2.1.0${failsInHook}`)
    expect(await endedPromotion(product, promotion.id)).toMatchObject({
      state: 'rolled-back',
      reason: expect.stringMatching(/helm failed: .+ Rolled back by/),
    })
    expect(await commitsSince(promotion.head)).toHaveLength(2)
    expect(await shop.manifest()).toContain('/shop:1.0.0"')
    expect(await shop.revision()).toBeGreaterThan(revision)
    expect(await inStg()).toMatchObject({ phase: 'deployed' })
    await lift()
  })
})

it('ends failed where nothing is said of rolling back, says what to do, and writes nothing more', async () => {
  await policy(false)
  const revision = await shop.revision()
  const { id, head } = await promoted(`3.0.0${neverReady}`)
  expect(await endedPromotion(product, id)).toMatchObject({
    state: 'failed',
    reason: expect.stringMatching(/did not become healthy within 8 s: .+ Roll it back, or promote/),
  })
  expect(await commitsSince(head)).toHaveLength(1)
  expect(await product.git.read(shop.file('stg'))).toContain(`/shop:3.0.0${neverReady}`)
  expect(await shop.revision()).toBe(revision + 1)
})
