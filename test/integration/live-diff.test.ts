import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiError } from '#lib/api/client.ts'
import { compareLive, listReleases } from '#lib/api/releases.ts'
import { headIsRead, revisionOf } from '#test/fixtures/promotion-work.ts'
import { deployedAbove, startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'

const deployment = '/apis/apps/v1/namespaces/dev/deployments/podinfo-dev'
const secret = '/api/v1/namespaces/dev/secrets/podinfo-dev'
const chart = 'charts/podinfo/templates/secret.yaml'
const template = `apiVersion: v1
kind: Secret
metadata:
  name: {{ include "podinfo.fullname" . }}
stringData:
  password: from-the-chart
`

let product: RunningProduct

beforeAll(async () => {
  product = await startRunningProduct()
  const before = await revisionOf(product, 'podinfo-dev', 'dev')
  await product.git.push({ [chart]: template }, 'Give it a Secret')
  await headIsRead(product)
  await deployedAbove(product, 'podinfo-dev', 'dev', before)
}, 900_000)
afterAll(() => product?.stop(), 60_000)

interface Live {
  metadata: { name: string }
  data: Record<string, string>
  spec: { replicas: number; template: { spec: { containers: { imagePullPolicy: string }[] } } }
}

/** Changes a live object as somebody with kubectl would. */
async function edit(path: string, change: (live: Live) => void): Promise<void> {
  const live = (await product.world.api.get(path)).body as Live
  change(live)
  await product.world.api.replace(path, live)
}

async function compared(revision?: number) {
  const { items } = await product.call(listReleases, { query: {} })
  const { id = '', revision: newest = 0 } = items.find(({ name }) => name === 'podinfo-dev') ?? {}
  const { objects } = await product.call(compareLive, { params: { id, revision: revision ?? newest } })
  return new Map(objects.map((object) => [object.kind, object]))
}
const statesOf = async () => Object.fromEntries([...(await compared())].map(([kind, { state }]) => [kind, state]))

describe('a revision against what runs', () => {
  it('is the same right after it was deployed', async () => {
    expect(await statesOf()).toEqual({ Deployment: 'same', Service: 'same', ConfigMap: 'same', Secret: 'same' })
  })

  it('names the field that somebody edited', async () => {
    await edit(deployment, ({ spec }) =>
      spec.template.spec.containers.forEach((one) => (one.imagePullPolicy = 'Never')),
    )
    const object = (await compared()).get('Deployment')
    expect(object).toMatchObject({
      state: 'changed',
      fields: ['spec.template.spec.containers[podinfo].imagePullPolicy'],
    })
    expect(object?.before).toContain('imagePullPolicy: IfNotPresent')
    expect(object?.after).toContain('imagePullPolicy: Never')
  })

  it('leaves out the replicas that an autoscaler set', async () => {
    const scale = `${deployment}/scale`
    await edit(scale, ({ spec }) => (spec.replicas = 4))
    expect((await product.world.api.get(deployment)).body).toMatchObject({ spec: { replicas: 4 } })
    expect((await compared()).get('Deployment')?.fields).not.toContain('spec.replicas')
  })

  it('masks the value of a Secret, and tells that it differs', async () => {
    const value = Buffer.from('somebody else wrote this').toString('base64')
    await edit(secret, ({ data }) => (data.password = value))
    const object = (await compared()).get('Secret')
    expect(object).toMatchObject({ state: 'changed', fields: ['data.password'] })
    const texts = JSON.stringify(object)
    for (const hidden of ['from-the-chart', Buffer.from('from-the-chart').toString('base64'), value])
      expect(texts).not.toContain(hidden)
  })

  it('says of a deleted object that it is missing', async () => {
    await product.world.api.remove('/api/v1/namespaces/dev/services/podinfo-dev')
    const object = (await compared()).get('Service')
    expect(object).toMatchObject({ state: 'missing', after: '' })
    expect(object?.before).toContain('kind: Service')
  })

  it('names what an earlier revision did not have yet', async () => {
    const deployed = await revisionOf(product, 'podinfo-dev', 'dev')
    expect((await compared(deployed - 1)).get('Secret')).toMatchObject({ state: 'added', before: '' })
  })

  it('refuses a revision that Helm does not keep', async () => {
    const error = await compared(999).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status: 404, message: expect.stringContaining('no longer keeps revision 999') })
  })
})
