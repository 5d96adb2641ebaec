import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { call } from '#lib/api/client.ts'
import { approveGates, listGates, type GuardedEnvironment } from '#lib/api/gates.ts'
import { createToken } from '#lib/api/tokens.ts'
import {
  approvePromotion,
  applyPromotion,
  getPromotion,
  listPromotions,
  overrideGate,
  promote,
  withdrawPromotion,
  type Promotion,
} from '#lib/api/promotions.ts'
import { listReleases } from '#lib/api/releases.ts'
import { endedPromotion, headIsRead, revisionOf } from '#test/fixtures/promotion-work.ts'
import { deployedAbove, startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'

const file = 'releases/prod/podinfo.yaml'
const gated = `environments:
  - dev
  - stg
  - name: prod
    gates:
      approvals: {count: 1, separate: []}
      freeze:
        - {reason: Year end, from: 2020-01-01T00:00:00Z, to: 2100-01-01T00:00:00Z}
`

let product: RunningProduct
let revision: number

const prodRevision = () => revisionOf(product, 'podinfo-prod', 'prod')
const untouched = async () => expect(await prodRevision()).toBe(revision)

/** The open promotion into prod that says this. */
function waits(reason: RegExp): Promise<Promotion> {
  return waitUntil(`a promotion waits: ${reason}`, async () => {
    const { items } = await product.call(listPromotions, { query: { open: 'true' } })
    const found = items.find(({ to, state }) => to === 'prod' && state === 'waiting')
    if (!found) {
      const open = items.map((item) => `${item.state}: ${item.reason}`).join('; ') || 'none'
      const releases = (await product.call(listReleases, { query: {} })).items
      const prod = releases.find(({ name }) => name === 'podinfo-prod')
      throw new Error(`open are ${open}; the release is ${prod?.phase}: ${prod?.reason}`)
    }
    const { steps } = await product.call(getPromotion, { params: { id: found.id } })
    if (steps.some((step) => reason.test(step.reason))) return found
    throw new Error(steps.map((step) => step.reason).join('; '))
  })
}

const loosening = async (): Promise<GuardedEnvironment['loosening']> =>
  (await product.call(listGates, {})).items.find(({ environment }) => environment === 'prod')?.loosening

const secret = (text: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'prod-values', namespace: 'prod' },
  type: 'Opaque',
  data: { 'values.yaml': Buffer.from(`podAnnotations:\n  note: ${text}\n`).toString('base64') },
})

beforeAll(async () => {
  product = await startRunningProduct()
  const before = await prodRevision()
  await product.world.api.ensure('/api/v1/namespaces/prod/secrets', secret('first'))
  const text = await product.git.read(file)
  const valuesFrom = '  valuesFrom:\n    - secretKeyRef:\n        name: prod-values\n  values:\n'
  await product.git.push({ [file]: text.replace('  values:\n', valuesFrom) }, 'Take values from a Secret')
  revision = (await deployedAbove(product, 'podinfo-prod', 'prod', before)).revision
  await product.git.push({ 'wheelhouse.yaml': gated }, 'Gate prod')
  await headIsRead(product)
}, 900_000)
afterAll(() => product?.stop(), 60_000)

describe('prod with an approval and a freeze changes by no other way', () => {
  it('not by a tag that its policy takes', async () => {
    await product.pushImage('podinfo', '0.4.12')
    const promotion = await waits(/Automation found 0\.4\.12/)
    expect(promotion).toMatchObject({ from: 'stg', way: 'commit', images: [{ tag: '0.4.12' }] })
    await untouched()
    expect(await product.git.read(file)).toContain('podinfo:0.4.10')
  })

  it('not by a tag that somebody writes into its file', async () => {
    const text = await product.git.read(file)
    await product.git.push({ [file]: text.replace('podinfo:0.4.10', 'podinfo:0.4.12') }, 'Release prod by hand')
    const promotion = await waits(/Somebody Else pushed .*Release prod by hand/)
    expect(promotion).toMatchObject({ way: 'let-through', images: [{ tag: '0.4.12' }] })
    await untouched()
    await product.git.push({ [file]: text }, 'Take it back')
    expect(await endedPromotion(product, promotion.id)).toMatchObject({ state: 'superseded' })
  })

  it('not by a file that moves to the directory of another environment', async () => {
    const text = `${await product.git.read(file)}\n`
    const moved = { [file]: null, 'releases/dev/moved.yaml': text.replace('podinfo:0.4.10', 'podinfo:0.4.12') }
    await product.git.push(moved, 'Call it dev')
    const promotion = await waits(/Somebody Else pushed .*Call it dev/)
    expect(promotion).toMatchObject({ to: 'prod', way: 'let-through' })
    await untouched()
    await product.git.push({ [file]: text, 'releases/dev/moved.yaml': null }, 'Call it prod again')
    expect(await endedPromotion(product, promotion.id)).toMatchObject({ state: 'superseded' })
  })

  it('not by its chart, which the others follow at once', async () => {
    const [dev, path] = [await revisionOf(product, 'podinfo-dev', 'dev'), 'charts/podinfo/Chart.yaml']
    const chart = `${await product.git.read(path)}\n`
    await product.git.push({ [path]: chart.replace('version: 0.2.0', 'version: 0.2.1') }, 'Chart 0.2.1')
    await deployedAbove(product, 'podinfo-dev', 'dev', dev)
    const promotion = await waits(/The chart changed/)
    expect(promotion).toMatchObject({ way: 'let-through', images: [] })
    await untouched()
    await product.git.push({ [path]: chart }, 'Chart 0.2.0 again')
    await deployedAbove(product, 'podinfo-dev', 'dev', dev + 1)
    expect(await endedPromotion(product, promotion.id)).toMatchObject({ state: 'superseded' })
  })

  it('not by the Secret its values come from', async () => {
    const path = '/api/v1/namespaces/prod/secrets/prod-values'
    await product.world.api.replace(path, secret('second'))
    expect(await waits(/Values changed in secret prod-values/)).toMatchObject({ way: 'let-through', images: [] })
    await untouched()
    await product.world.api.replace(path, secret('first'))
  })

  it('not by a commit that takes the gates away, which waits for them itself', async () => {
    await product.git.push({ 'wheelhouse.yaml': 'environments: [dev, stg, prod]\n' }, 'No more gates')
    await headIsRead(product)
    const held = await waitUntil('the loosening is held', async () => {
      const seen = await loosening()
      return seen && seen.reason !== '' ? seen : undefined
    })
    expect(held.what).toContain('no approval is wanted')
    expect(held.author.name).toBe('Somebody Else')
    await product.call(approveGates, { params: { name: 'prod' }, body: { digest: held.digest } })
    const text = await product.git.read(file)
    await product.git.push({ [file]: text.replace('replicaCount: 3', 'replicaCount: 2') }, 'Without gates')
    const promotion = await waits(/Without gates/)
    expect(promotion.way).toBe('let-through')
    await untouched()
    await product.git.push({ [file]: text, 'wheelhouse.yaml': gated }, 'The gates are back')
    expect(await endedPromotion(product, promotion.id)).toMatchObject({ state: 'superseded' })
    expect(await loosening()).toBeUndefined()
  })

  it("not by a deployer's token", async () => {
    const body = { name: 'ci', role: 'deployer' as const, expiresInDays: 1 }
    const { secret: token } = await product.call(createToken, { body })
    const planned = await product.call(promote, { body: { application: 'podinfo', to: 'prod' } })
    const said = { params: { id: planned.id }, body: { planDigest: planned.planDigest } }
    const as = { baseUrl: product.web, token }
    await expect(call(approvePromotion, said, as)).rejects.toMatchObject({ status: 403 })
    const override = { ...said, body: { ...said.body, gate: 'freeze' as const, message: 'I may' } }
    await expect(call(overrideGate, override, as)).rejects.toMatchObject({ status: 403 })
    await call(applyPromotion, said, as)
    await untouched()
    await product.call(withdrawPromotion, { params: { id: planned.id }, body: {} })
    await endedPromotion(product, planned.id)
  })

  it('not by a tag that is moved after the approval', async () => {
    const text = await product.git.read(file)
    await product.pushImage('podinfo', '0.4.13')
    const promotion = await waits(/Automation found 0\.4\.13/)
    const params = { id: promotion.id }
    await product.call(approvePromotion, { params, body: { planDigest: promotion.planDigest } })
    await product.pushImage('podinfo', '0.4.13', new Date(Date.now() + 1_000))
    const message = 'It cannot wait'
    await product.call(overrideGate, { params, body: { planDigest: promotion.planDigest, gate: 'freeze', message } })
    expect(await endedPromotion(product, promotion.id)).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('0.4.13'),
    })
    await untouched()
    expect(await product.git.read(file)).toBe(text)
  })
})

it('changes once, as planned, when it was approved and the freeze overridden', async () => {
  await product.pushImage('podinfo', '0.4.14')
  const promotion = await waits(/Automation found 0\.4\.14/)
  const params = { id: promotion.id }
  const { planDigest } = promotion
  await product.call(approvePromotion, { params, body: { planDigest } })
  await product.call(overrideGate, { params, body: { planDigest, gate: 'freeze', message: 'It cannot wait' } })
  expect(await endedPromotion(product, promotion.id)).toMatchObject({ state: 'verified' })
  expect(await prodRevision()).toBe(revision + 1)
  expect(await product.helm('get', 'manifest', 'podinfo-prod', '-n', 'prod')).toContain('podinfo:0.4.14')
})
