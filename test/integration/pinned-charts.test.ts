import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyPromotion, approvePromotion, getPromotion, listPromotions, promote } from '#lib/api/promotions.ts'
import { rollbackRelease } from '#lib/api/release-commands.ts'
import { listReleases } from '#lib/api/releases.ts'
import { endedPromotion, headIsRead, revisionOf } from '#test/fixtures/promotion-work.ts'
import { deployedAbove, startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'

const [stg, prod, chart] = ['releases/stg/podinfo.yaml', 'releases/prod/podinfo.yaml', 'charts/podinfo/Chart.yaml']
const gated = `environments:
  - dev
  - stg
  - name: prod
    gates: {health: true, approvals: {count: 1, separate: []}}
`

let product: RunningProduct

const prodRevision = () => revisionOf(product, 'podinfo-prod', 'prod')
const chartInProd = async () => (await product.history('podinfo-prod', 'prod')).at(-1)?.chart
const commitsSince = async (head: string) => product.git.commits(head, await product.git.head())

/** Pushes another version of the chart and waits until stg, which has no gates, runs it. */
async function pushChart(version: string): Promise<string> {
  const before = await revisionOf(product, 'podinfo-rc', 'stg')
  const text = await product.git.read(chart)
  await product.git.push({ [chart]: `${text.replace(/^version: .*$/m, `version: ${version}`)}\n` }, `Chart ${version}`)
  const commit = await product.git.head()
  await deployedAbove(product, 'podinfo-rc', 'stg', before)
  await headIsRead(product)
  return commit
}

async function plan() {
  const { id } = await product.call(promote, { body: { application: 'podinfo', to: 'prod' } })
  return product.call(getPromotion, { params: { id } })
}

async function carryOut({ id, planDigest }: { id: string; planDigest: string }) {
  const said = { params: { id }, body: { planDigest } }
  await product.call(applyPromotion, said)
  await product.call(approvePromotion, said)
  const ended = await endedPromotion(product, id)
  expect(ended).toMatchObject({ state: 'verified' })
  return ended
}

const intoProd = async () => {
  const { items } = await product.call(listPromotions, { query: { limit: 100 } })
  return items.filter(({ to }) => to === 'prod')
}

beforeAll(async () => {
  product = await startRunningProduct()
  await product.git.push({ 'wheelhouse.yaml': gated }, 'Gate prod')
  await headIsRead(product)
}, 900_000)
afterAll(() => product?.stop(), 60_000)

describe('the chart of a gated environment', () => {
  it('stays at the commit that a promotion writes beside the image, in one commit and one line', async () => {
    const [head, before, text] = [await product.git.head(), await prodRevision(), await product.git.read(prod)]
    const planned = await plan()
    expect(planned.plan?.edits[0]?.after).toContain(`ref: ${head}`)
    await carryOut(planned)
    expect(await commitsSince(head)).toHaveLength(1)
    const tag = planned.images[0]?.tag ?? ''
    const want = text.replace('ref: master', `ref: ${head}`).replace(/podinfo:0\.4\.\d+/, `podinfo:${tag}`)
    expect(await product.git.read(prod)).toBe(want)
    expect(await prodRevision()).toBe(before + 1)
    expect(await chartInProd()).toBe('podinfo-0.2.0')
  })

  it('is not touched by a push to the chart, which the environments without gates follow and nothing waits for', async () => {
    const [before, promotions] = [await prodRevision(), await intoProd()]
    await pushChart('0.2.1')
    expect(await prodRevision()).toBe(before)
    expect(await intoProd()).toEqual(promotions)
    const { items } = await product.call(listReleases, { query: {} })
    expect(items.find(({ name }) => name === 'podinfo-prod')).toMatchObject({ phase: 'deployed' })
    expect(await product.git.read(stg)).toContain('ref: master')
  })

  it('comes from the left with the next promotion, which says so and is one commit', async () => {
    const [head, before] = [await product.git.head(), await prodRevision()]
    const planned = await plan()
    expect(planned.steps[0]?.reason).toContain('Its chart becomes the one of stg')
    expect(planned.plan?.chartVersion).toBe('0.2.1')
    await carryOut(planned)
    expect(await commitsSince(head)).toHaveLength(1)
    expect(await prodRevision()).toBe(before + 1)
    expect(await chartInProd()).toBe('podinfo-0.2.1')
    await expect(plan()).rejects.toThrow('runs what stg runs already')
  })

  it('comes alone where the image is there already', async () => {
    const [before, commit] = [await prodRevision(), await pushChart('0.2.2')]
    const head = await product.git.head()
    await carryOut(await plan())
    expect(await product.git.addedLines(await product.git.head())).toEqual([`    ref: ${commit}`])
    expect(await product.git.message(await product.git.head())).toContain(`Promote chart of ${commit.slice(0, 7)}`)
    expect(await commitsSince(head)).toHaveLength(1)
    expect(await prodRevision()).toBe(before + 1)
    expect(await chartInProd()).toBe('podinfo-0.2.2')
  })

  it('goes back with a rollback to the commit it was pinned to then', async () => {
    const [head, before] = [await product.git.head(), await prodRevision()]
    const { items } = await product.call(listReleases, { query: {} })
    const { id = '' } = items.find(({ name }) => name === 'podinfo-prod') ?? {}
    await product.call(rollbackRelease, { params: { id }, body: { revision: before - 1, reason: 'it leaks' } })
    await deployedAbove(product, 'podinfo-prod', 'prod', before)
    expect(await chartInProd()).toBe('podinfo-0.2.1')
    expect(await commitsSince(head)).toHaveLength(1)
    expect(await prodRevision()).toBe(before + 1)
  })
})
