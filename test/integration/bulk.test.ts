import { afterAll, beforeAll, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { applyMany, listPromotions, promoteMany } from '#lib/api/promotions.ts'
import { listReleases } from '#lib/api/releases.ts'
import { startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'

const applications = Array.from({ length: 20 }, (_, index) => `shop${String(index + 1).padStart(2, '0')}`)

let product: RunningProduct

/** As the release of podinfo in dev, by hand and without pods. */
async function documents(): Promise<Record<string, string>> {
  const podinfo = await product.git.read('releases/dev/podinfo.yaml')
  const of = (application: string, environment: string, tag: string) =>
    podinfo
      .replaceAll('podinfo-dev', `${application}-${environment}`)
      .replace('namespace: dev', `namespace: ${environment}`)
      .replace(/ {2}annotations:\n( {4}.*\n)+/, '')
      .replace(/image: .*\n/, `image: ${product.world.registry.host}/${application}:${tag}\n`)
      .replace(/replicaCount: .*\n/, 'replicaCount: 0\n')
  return Object.fromEntries(
    applications.flatMap((name) => [
      [`releases/dev/${name}.yaml`, of(name, 'dev', '2.0.0')],
      [`releases/stg/${name}.yaml`, of(name, 'stg', '1.0.0')],
    ]),
  )
}

beforeAll(async () => {
  product = await startRunningProduct()
  for (const name of applications) for (const tag of ['1.0.0', '2.0.0']) await product.pushImage(name, tag)
  await product.git.push(await documents(), 'Twenty shops')
  await waitUntil(
    'all are deployed',
    async () => {
      const { items } = await product.call(listReleases, { query: { limit: 100 } })
      const own = items.filter(({ application }) => applications.includes(application))
      return own.length === 40 && own.every(({ phase }) => phase === 'deployed')
    },
    { timeoutMs: 180_000, everyMs: 500 },
  )
}, 900_000)
afterAll(() => product?.stop(), 60_000)

it('twenty applications that are promoted at once are one commit', async () => {
  const head = await product.git.head()
  const { bulk, items } = await product.call(promoteMany, { body: { applications, to: 'stg', from: 'dev' } })
  expect(items.filter(({ problem }) => problem !== undefined)).toEqual([])
  expect(await product.git.head()).toBe(head)

  const plans = items.map(({ id = '', planDigest = '' }) => ({ id, planDigest }))
  const said = await product.call(applyMany, { body: { plans } })
  expect(said.items.filter(({ problem }) => problem !== undefined)).toEqual([])

  await waitUntil(
    'all have ended',
    async () => {
      const promotions = await product.call(listPromotions, { query: { limit: 100 } })
      const own = promotions.items.filter((one) => one.bulk === bulk)
      if (own.length === 20 && own.every(({ endedAt }) => endedAt !== undefined)) return own
      throw new Error(own.map(({ state, reason }) => `${state}: ${reason}`).join('\n'))
    },
    { timeoutMs: 120_000, everyMs: 500 },
  ).then((own) => expect(own.filter(({ state }) => state !== 'verified')).toEqual([]))
  expect(await product.git.commits(head, await product.git.head())).toHaveLength(1)
  expect(await product.git.read('releases/stg/shop20.yaml')).toContain('shop20:2.0.0')
}, 300_000)
