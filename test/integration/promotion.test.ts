import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { applyPromotion, approvePromotion, getPromotion, promote, type PromotionDetail } from '#lib/api/promotions.ts'
import { liftHold, rollbackRelease } from '#lib/api/release-commands.ts'
import { listReleases } from '#lib/api/releases.ts'
import { headIsRead, revisionOf } from '#test/fixtures/promotion-work.ts'
import { deployedAbove, startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'

let product: RunningProduct

beforeAll(async () => {
  product = await startRunningProduct()
}, 900_000)
afterAll(() => product?.stop(), 60_000)

async function digestOf(tag: string): Promise<string | null> {
  const accept = 'application/vnd.oci.image.manifest.v1+json'
  const url = `http://${product.world.registry.host}/v2/podinfo/manifests/${tag}`
  return (await fetch(url, { method: 'HEAD', headers: { accept } })).headers.get('docker-content-digest')
}

function reached(id: string, state: PromotionDetail['state']) {
  return waitUntil(
    `promotion is ${state}`,
    async () => {
      const seen = await product.call(getPromotion, { params: { id } })
      if (seen.endedAt !== undefined && seen.state !== state) throw new Error(`${seen.state}: ${seen.reason}`)
      return seen.state === state ? seen : undefined
    },
    { timeoutMs: 60_000, everyMs: 200 },
  )
}

/** The commit that brings a wheelhouse.yaml, once the worker knows it. */
async function configure(text: string): Promise<void> {
  await product.git.push({ 'wheelhouse.yaml': text }, 'Gate prod')
  await headIsRead(product)
}

describe('an image goes through the environments', () => {
  it('is planned for stg without changing anything, then applied, re-tagged, committed, deployed and verified', async () => {
    const dev = await revisionOf(product, 'podinfo-dev', 'dev')
    await product.pushImage('podinfo', 'dev-promo001')
    await deployedAbove(product, 'podinfo-dev', 'dev', dev)
    const [head, stg] = [await product.git.head(), await revisionOf(product, 'podinfo-rc', 'stg')]

    const planned = await product.call(promote, {
      body: { application: 'podinfo', to: 'stg', message: 'for the demo' },
    })

    const detail = await product.call(getPromotion, { params: { id: planned.id } })
    expect(detail).toMatchObject({ from: 'dev', to: 'stg', way: 'retag', images: [{ tag: 'stg-promo001' }] })
    const changed = detail.plan?.objects.filter(({ change }) => change === 'changed').map(({ kind }) => kind)
    expect(changed).toContain('Deployment')
    expect(detail.plan?.risks.map(({ kind }) => kind)).toContain('restarts')
    expect(await product.git.head()).toBe(head)
    expect(await digestOf('stg-promo001')).toBeNull()

    await product.call(applyPromotion, { params: { id: planned.id }, body: { planDigest: planned.planDigest } })
    await reached(planned.id, 'verified')

    expect(await revisionOf(product, 'podinfo-rc', 'stg')).toBe(stg + 1)
    expect(await digestOf('stg-promo001')).toBe(await digestOf('dev-promo001'))
    expect(await product.git.commits(head, await product.git.head())).toHaveLength(1)
    const message = await product.git.message(await product.git.head())
    expect(message).toContain(`promotion ${planned.id} from dev`)
    expect(await product.helm('get', 'manifest', 'podinfo-rc', '-n', 'stg')).toContain('podinfo:stg-promo001')
  })

  it('is rolled back by one commit that holds it and refuses the tag, and stays back when a new image comes', async () => {
    const { items } = await product.call(listReleases, { query: {} })
    const { id = '' } = items.find(({ name }) => name === 'podinfo-rc') ?? {}
    const [head, stg] = [await product.git.head(), await revisionOf(product, 'podinfo-rc', 'stg')]
    await product.call(rollbackRelease, { params: { id }, body: { revision: stg - 1, reason: 'it leaks' } })
    await deployedAbove(product, 'podinfo-rc', 'stg', stg)
    const text = await product.git.read('releases/stg/podinfo.yaml')
    expect(await product.git.commits(head, await product.git.head())).toHaveLength(1)
    expect(text).toContain('wheelhouse.dev/refuse.chart-image: stg-promo001')
    expect(text).toContain('fluxcd.io/locked_msg: it leaks')
    expect(await product.helm('get', 'manifest', 'podinfo-rc', '-n', 'stg')).not.toContain('stg-promo001')

    await product.pushImage('podinfo', 'stg-after001')
    const dev = await revisionOf(product, 'podinfo-dev', 'dev')
    await product.pushImage('podinfo', 'dev-promo002')
    await deployedAbove(product, 'podinfo-dev', 'dev', dev)
    expect(await revisionOf(product, 'podinfo-rc', 'stg')).toBe(stg + 1)

    await product.call(liftHold, { params: { id } })
    await deployedAbove(product, 'podinfo-rc', 'stg', stg + 1)
    expect(await product.helm('get', 'manifest', 'podinfo-rc', '-n', 'stg')).toContain('podinfo:stg-after001')
  })

  it('waits for another person where prod asks for one, and refuses what changed after the approval', async () => {
    await configure(
      'environments:\n  - dev\n  - stg\n  - name: prod\n    gates:\n      approvals: {count: 1, separate: []}\n',
    )
    const prod = await revisionOf(product, 'podinfo-prod', 'prod')
    const planned = await product.call(promote, { body: { application: 'podinfo', to: 'prod' } })
    const body = { planDigest: planned.planDigest }
    await product.call(applyPromotion, { params: { id: planned.id }, body })
    const waiting = await reached(planned.id, 'waiting')
    expect(waiting.gates.map(({ gate, verdict }) => `${gate} ${verdict}`)).toContain('approvals waiting')
    expect(await revisionOf(product, 'podinfo-prod', 'prod')).toBe(prod)

    const wrong = product.call(approvePromotion, { params: { id: planned.id }, body: { planDigest: 'another' } })
    await expect(wrong).rejects.toThrow('changed since')
    await product.call(approvePromotion, { params: { id: planned.id }, body })
    const verified = await reached(planned.id, 'verified')

    expect(await revisionOf(product, 'podinfo-prod', 'prod')).toBe(prod + 1)
    const tag = verified.images[0]?.tag ?? ''
    expect(tag).toMatch(/^0\.4\.\d+$/)
    expect(await digestOf(tag)).toBe(await digestOf('stg-after001'))
    const { items } = await product.call(listReleases, { query: {} })
    expect(items.find(({ name }) => name === 'podinfo-prod')?.images[0]?.tag).toBe(tag)
  })
})
