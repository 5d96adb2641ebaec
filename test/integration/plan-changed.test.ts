import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyPromotion, approvePromotion, overrideGate, promote } from '#lib/api/promotions.ts'
import { endedPromotion, headIsRead, revisionOf } from '#test/fixtures/promotion-work.ts'
import { deployedAbove, startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'

const file = 'releases/stg/podinfo.yaml'
const deployment = '/apis/apps/v1/namespaces/stg/deployments/podinfo-rc'
const gated = (count: number) => `environments:
  - dev
  - name: stg
    gates:
      approvals: {count: ${count}, separate: []}
      freeze:
        - {reason: Year end, from: 2020-01-01T00:00:00Z, to: 2100-01-01T00:00:00Z}
  - prod
`

let product: RunningProduct

const revision = () => revisionOf(product, 'podinfo-rc', 'stg')

async function pushed(files: Record<string, string>, message: string): Promise<void> {
  await product.git.push(files, message)
  await headIsRead(product)
}

type Live = { spec: { replicas: number; template: { spec: { containers: { imagePullPolicy: string }[] } } } }

/** Changes the live Deployment as somebody with kubectl would. */
async function edit(change: (live: Live) => void): Promise<void> {
  const live = (await product.world.api.get(deployment)).body as Live
  change(live)
  await product.world.api.replace(deployment, live)
}

beforeAll(async () => {
  product = await startRunningProduct()
  await pushed({ 'wheelhouse.yaml': gated(1) }, 'Gate stg')
}, 900_000)
afterAll(() => product?.stop(), 60_000)

let count = 0
/** A promotion into stg that is approved and waits for the freeze. */
async function approved(): Promise<{ id: string; planDigest: string }> {
  const dev = await revisionOf(product, 'podinfo-dev', 'dev')
  await product.pushImage('podinfo', `dev-plan${++count}`)
  await deployedAbove(product, 'podinfo-dev', 'dev', dev)
  const { id, planDigest } = await product.call(promote, { body: { application: 'podinfo', to: 'stg' } })
  const said = { params: { id }, body: { planDigest } }
  await product.call(applyPromotion, said)
  await product.call(approvePromotion, said)
  return { id, planDigest }
}

const openFreeze = ({ id, planDigest }: { id: string; planDigest: string }) =>
  product.call(overrideGate, { params: { id }, body: { planDigest, gate: 'freeze', message: 'It cannot wait' } })

describe('an approval counts for the plan that was looked at', () => {
  it('also where only the status and what the autoscaler looks after changed', async () => {
    const [before, promotion] = [await revision(), await approved()]
    await edit(({ spec }) => (spec.replicas += 1))
    await openFreeze(promotion)
    expect(await endedPromotion(product, promotion.id)).toMatchObject({ state: 'verified' })
    expect(await revision()).toBe(before + 1)
  })

  // The gates come last: that they became stricter cannot be taken back without an approval.
  it.each<[label: string, change: () => Promise<void>]>([
    [
      'the live object was edited',
      () => edit(({ spec }) => spec.template.spec.containers.forEach((one) => (one.imagePullPolicy = 'Never'))),
    ],
    [
      'the values in Git changed',
      async () => pushed({ [file]: (await product.git.read(file)).replace('cpu: 50', 'cpu: 60') }, 'Other values'),
    ],
    [
      'the policy changed',
      async () =>
        pushed({ [file]: (await product.git.read(file)).replace('glob:stg-*', 'glob:stg-*-*') }, 'Other policy'),
    ],
    ['the gates changed', () => pushed({ 'wheelhouse.yaml': gated(2) }, 'Two approvals')],
  ])('and not where %s', async (label, change) => {
    const text = await product.git.read(file)
    const [before, promotion] = [await revision(), await approved()]
    await change()
    // The page and the API refuse the old plan as soon as the worker knows another; else the worker itself does.
    await openFreeze(promotion).catch(() => undefined)
    expect((await endedPromotion(product, promotion.id)).state).toMatch(/refused|superseded/)
    expect(await revision()).toBe(before)
    await pushed({ 'wheelhouse.yaml': `${gated(1)}# ${label}\n`, [file]: text }, `As before: ${label}`)
  })
})
