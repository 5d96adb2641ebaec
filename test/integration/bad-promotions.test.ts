import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '#lib/api/client.ts'
import { applyPromotion, approvePromotion, getPromotion, listPromotions, promote } from '#lib/api/promotions.ts'
import { listReleases } from '#lib/api/releases.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { freshId, newSecret } from '#lib/wiring/secrets.ts'
import { waitUntil } from '#demo/world/wait-until.ts'
import { endedPromotion, headIsRead } from '#test/fixtures/promotion-work.ts'
import { startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'
import { misbehaving, openShop, shopChart, type Shop } from '#test/fixtures/shop.ts'
import { openStoreBeside } from '#test/fixtures/test-database.ts'

const { doesNotRender, changesImmutableField, failsInHook } = misbehaving
const gated = `environments:
  - dev
  - name: stg
    gates: {approvals: {count: 2}}
  - prod
`

let product: RunningProduct
let store: Store
let shop: Shop
/** Revision of stg before each test. */
let revision: number

const apply = ({ id, planDigest }: { id: string; planDigest: string }) =>
  product.call(applyPromotion, { params: { id }, body: { planDigest } })

async function pushed(files: Record<string, string | null>, message: string): Promise<void> {
  await product.git.push(files, message)
  await headIsRead(product)
}

const commitsSince = async (head: string) => product.git.commits(head, await product.git.head())

/** Nothing came to stg, neither by Git nor by Helm. */
async function untouched(head: string): Promise<void> {
  expect(await commitsSince(head)).toEqual([])
  expect(await shop.revision()).toBe(revision)
}

async function inStg() {
  const { items } = await product.call(listReleases, { query: {} })
  return items.find(({ name }) => name === 'shop-stg')
}

/** The next version goes through: nothing is left behind of what went wrong. */
async function goesOn(version: string): Promise<void> {
  const id = await shop.promote(version)
  expect(await endedPromotion(product, id)).toMatchObject({ state: 'verified' })
  expect(await shop.manifest()).toContain(`/shop:${version}"`)
}

/** Calls the API as a new person of this role. */
async function somebody(name: string, role: 'approver' | 'deployer') {
  const [person, { secret, hash }, now] = [freshId('per'), newSecret(), Date.now()]
  await store.savePerson({ id: person, email: `${name}@example.com`, name, roles: { '*': role }, createdAt: now })
  await store.saveToken({ id: freshId('tok'), name, person, role, createdAt: now, expiresAt: now + 3_600_000 }, hash)
  return { baseUrl: product.web, token: secret }
}

beforeAll(async () => {
  product = await startRunningProduct()
  store = await openStoreBeside(product.product.database, 'bad-promotions-test')
  shop = await openShop(product)
}, 900_000)
afterAll(async () => {
  await store?.close()
  await product?.stop()
}, 60_000)

describe('a promotion that cannot be planned is refused in words, and nothing is kept of it', () => {
  it.each<[label: string, prepare: () => Promise<unknown>, to: string, says: RegExp]>([
    ['its plan does not render', () => shop.release(`1.1.0${doesNotRender}`), 'stg', /lacks what stg needs/],
    [
      'its image is not in the registry',
      () => pushed({ [shop.file('dev')]: shop.document('dev', '9.9.9') }, 'Release what nobody has built'),
      'stg',
      /shop has no tag 9\.9\.9 any more/,
    ],
    ['its environment is not there', () => Promise.resolve(), 'qa', /shop is not in qa/],
  ])('%s', async (_label, prepare, to, says) => {
    revision = await shop.revision()
    await prepare()
    const head = await product.git.head()
    await expect(product.call(promote, { body: { application: 'shop', to } })).rejects.toThrow(says)
    const { items } = await product.call(listPromotions, { query: { application: 'shop' } })
    expect(items).toEqual([])
    await untouched(head)
  })
})

describe('what goes away between plan and click', () => {
  it('the chart at its source: refused, says where it is missing, and stg runs on', async () => {
    revision = await shop.revision()
    const planned = await shop.plan('1.2.0')
    await pushed(Object.fromEntries(Object.keys(shopChart).map((path) => [path, null])), 'Remove the chart')
    const head = await product.git.head()
    // Nobody is bound before the click: the worker may have seen it first.
    await apply(planned).catch(() => undefined)
    expect(await endedPromotion(product, planned.id)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/no directory charts\/shop at .*Correct spec\.chart\.path, or add the chart/),
    })
    await untouched(head)
    await pushed({ ...shopChart }, 'Bring the chart back')
    await goesOn('1.2.1')
  })

  it('the environment: refused, says what to do, and stg runs on until somebody agrees to its removal', async () => {
    revision = await shop.revision()
    const planned = await shop.plan('1.3.0')
    const text = `${await product.git.read(shop.file('stg'))}\n`
    await pushed({ [shop.file('stg')]: null }, 'Close the shop in stg')
    const head = await product.git.head()
    await apply(planned).catch(() => undefined)
    expect(await endedPromotion(product, planned.id)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/stg no longer has this release\. Restore its document, or promote elsewhere/),
    })
    await untouched(head)
    await pushed({ [shop.file('stg')]: text }, 'Open it again')
    await goesOn('1.3.1')
  })
})

describe('what fails in the cluster', () => {
  it('a hook: the promotion fails in its words, stg runs what it ran, and the next version goes through', async () => {
    const id = await shop.promote(`1.4.0${failsInHook}`)
    const { plan } = await product.call(getPromotion, { params: { id } })
    expect(plan?.risks.map(({ kind }) => kind)).toContain('hook')
    expect(await endedPromotion(product, id)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/hook.*Roll it back, or promote a version that mends it/is),
    })
    expect(await inStg()).toMatchObject({ phase: 'failed' })
    await goesOn('1.4.1')
  })

  it('an immutable field: the plan foretells it, the promotion fails, and the next version goes through', async () => {
    const planned = await shop.plan(`1.5.0${changesImmutableField}`)
    const { plan } = await product.call(getPromotion, { params: { id: planned.id } })
    expect(plan?.risks[0]).toMatchObject({ kind: 'fails', says: expect.stringMatching(/will be refused.*immutable/s) })
    await apply(planned)
    expect(await endedPromotion(product, planned.id)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/immutable.*Roll it back, or promote/s),
    })
    await goesOn('1.5.1')
  })
})

describe('behind gates', () => {
  it('two promotions into one environment: the newer one stands, by name', async () => {
    await pushed({ 'wheelhouse.yaml': gated }, 'Gate stg')
    revision = await shop.revision()
    const first = await shop.plan('1.6.0')
    await apply(first)
    const second = await shop.plan('1.6.1')
    expect(await endedPromotion(product, first.id)).toMatchObject({
      state: 'superseded',
      reason: expect.stringContaining(second.id),
    })
    expect(await shop.revision()).toBe(revision)
  })

  it('who asked for it does not count as approver; two who approve at once both do, and it goes through once', async () => {
    const asker = await somebody('Asker', 'approver')
    const [ann, bob] = [await somebody('Ann', 'approver'), await somebody('Bob', 'approver')]
    revision = await shop.revision()
    const { id, planDigest } = await call(promote, { body: { application: 'shop', to: 'stg' } }, asker)
    const said = { params: { id }, body: { planDigest } }
    await call(applyPromotion, said, asker)
    await call(approvePromotion, said, asker).catch(() => undefined)
    const head = await product.git.head()
    await Promise.all([call(approvePromotion, said, ann), call(approvePromotion, said, bob)])
    expect(await endedPromotion(product, id)).toMatchObject({ state: 'verified' })
    const { approvals, steps } = await product.call(getPromotion, { params: { id } })
    expect(approvals.map(({ name }) => name)).toEqual(expect.arrayContaining(['Ann', 'Bob']))
    expect(steps.filter(({ state }) => state === 'deploying')).toHaveLength(1)
    expect(await commitsSince(head)).toHaveLength(1)
    expect(await shop.revision()).toBe(revision + 1)
  })

  it('one approval of its requester and one of another are not two', async () => {
    const [asker, other] = [await somebody('Eve', 'approver'), await somebody('Dan', 'approver')]
    await shop.release('1.7.0')
    revision = await shop.revision()
    const { id, planDigest } = await call(promote, { body: { application: 'shop', to: 'stg' } }, asker)
    const said = { params: { id }, body: { planDigest } }
    await call(applyPromotion, said, asker)
    await call(approvePromotion, said, other)
    await call(approvePromotion, said, asker).catch(() => undefined)
    const waiting = await waitUntil('it waits for another person', async () => {
      const seen = await product.call(getPromotion, { params: { id } })
      return /1 of 2 approvals are missing/.test(seen.reason) && seen
    })
    expect(waiting).toMatchObject({ state: 'waiting', reason: expect.stringContaining('Approved by Dan') })
    expect(await shop.revision()).toBe(revision)
  })

  it('a gate that is loosened in the very commit of the change it guards still guards it', async () => {
    revision = await shop.revision()
    const text = `${await product.git.read(shop.file('stg'))}\n`
    await product.pushImage('shop', '1.8.0')
    const files = {
      'wheelhouse.yaml': 'environments: [dev, stg, prod]\n',
      [shop.file('stg')]: shop.document('stg', '1.8.0'),
    }
    await pushed(files, 'Just this once')
    const promotion = await waitUntil('it waits', async () => {
      const { items } = await product.call(listPromotions, { query: { open: 'true' } })
      return items.find(({ to, way, state }) => to === 'stg' && way === 'let-through' && state === 'waiting')
    })
    expect(promotion.reason).toContain('2 of 2 approvals are missing')
    expect(await inStg()).toMatchObject({ phase: 'waiting' })
    expect(await shop.revision()).toBe(revision)
    await pushed({ 'wheelhouse.yaml': gated, [shop.file('stg')]: text }, 'As it was')
    expect(await endedPromotion(product, promotion.id)).toMatchObject({ state: 'superseded' })
    expect(await shop.revision()).toBe(revision)
  })
})
