import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { listAlerts } from '#lib/api/alerts.ts'
import { liftHold, rollbackRelease } from '#lib/api/release-commands.ts'
import { getRelease, listReleases } from '#lib/api/releases.ts'
import { scanImage } from '#lib/api/images.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { deployedAbove, startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'
import { openStoreBeside } from '#test/fixtures/test-database.ts'
import { workerKills } from '#test/fixtures/worker-kills.ts'

const [name, namespace, file] = ['podinfo-prod', 'prod', 'releases/prod/podinfo.yaml']

let product: RunningProduct
let store: Store
let id: string

const manifest = () => product.helm('get', 'manifest', name, '-n', namespace)
const newest = async () => (await product.history(name, namespace)).at(-1)
const openAlerts = async () =>
  (await product.call(listAlerts, { query: { open: 'true' } })).items.map(({ kind }) => kind)
const secret = (text: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'prod-values', namespace },
  type: 'Opaque',
  data: { 'values.yaml': Buffer.from(`logLevel: ${text}\n`).toString('base64') },
})

/** Waits until Helm is at a revision of this image. */
function pending(tag: string) {
  return waitUntil(`an upgrade to ${tag} waits`, async () => {
    const last = await newest()
    return last?.status === 'pending-upgrade' ? last : undefined
  })
}

beforeAll(async () => {
  product = await startRunningProduct()
  store = await openStoreBeside(product.product.database, 'bad-night-test')
  await product.world.api.ensure(`/api/v1/namespaces/${namespace}/secrets`, secret('info'))
  const text = await product.git.read(file)
  const before = (await newest())?.revision ?? 0
  const waits = text.replace(
    '  values:\n',
    '  wait: true\n  timeout: 300\n  valuesFrom:\n    - secretKeyRef:\n        name: prod-values\n  values:\n',
  )
  await product.git.push({ [file]: waits }, 'Wait for the pods of prod')
  await deployedAbove(product, name, namespace, before)
  const { items } = await product.call(listReleases, { query: {} })
  id = items.find((release) => release.name === name)?.id ?? ''
}, 900_000)
afterAll(async () => {
  await store?.close()
  await product?.stop()
}, 60_000)

describe('a bad night', () => {
  it('a version that never becomes ready is replaced by the next one', async () => {
    // Nothing becomes ready meanwhile.
    product.world.suspend('kwok')
    await product.pushImage('podinfo', '0.4.20')
    await pending('0.4.20')
    await product.pushImage('podinfo', '0.4.21')
    await waitUntil('the next one is at work', async () => {
      const history = await product.history(name, namespace)
      return history.at(-1)?.status === 'pending-upgrade' && history.at(-2)?.status === 'failed'
    })
    product.world.resume('kwok')
    await waitUntil('it is deployed', async () => (await newest())?.status === 'deployed')
    expect(await manifest()).toContain('podinfo:0.4.21')
  })

  it('a bad version is rolled back at once although Git does not answer', async () => {
    const good = (await newest())?.revision ?? 0
    await product.pushImage('podinfo', '0.4.22')
    const bad = (await deployedAbove(product, name, namespace, good)).revision
    product.world.suspend('git')
    const holdUntil = new Date(Date.now() + 15_000).toISOString()
    await product.call(rollbackRelease, { params: { id }, body: { revision: good, reason: 'it leaks', holdUntil } })
    const back = await deployedAbove(product, name, namespace, bad)
    expect(back.revision).toBe(bad + 1)
    expect(await manifest()).toContain('podinfo:0.4.21')
    const { release } = await product.call(getRelease, { params: { id } })
    expect(release.emergency).toMatchObject({ toRevision: good, reason: 'it leaks' })
    expect(await openAlerts()).toContain('git-disagrees')
  })

  it('and stays back whatever comes, also when the worker is killed', async () => {
    const [before, revision] = [await manifest(), (await newest())?.revision]
    await product.pushImage('podinfo', '0.4.23')
    await product.world.api.replace(`/api/v1/namespaces/${namespace}/secrets/prod-values`, secret('warn'))
    const repository = `${product.world.registry.host}/podinfo`
    for (let scan = 0; scan < 20; scan++) await product.call(scanImage, { body: { repository } })
    const kills = workerKills(product, store)
    await kills.backAtWork(await kills.kill())
    for (let scan = 0; scan < 20; scan++) await product.call(scanImage, { body: { repository } })
    expect(await manifest()).toBe(before)
    expect((await newest())?.revision).toBe(revision)
  })

  it('Git gets exactly one commit with the way back, the hold and the refused tag', async () => {
    const [head, revision] = [await product.git.head(), (await newest())?.revision]
    product.world.resume('git')
    await waitUntil('Git agrees', async () => {
      const { release } = await product.call(getRelease, { params: { id } })
      if (release.emergency === undefined && release.lock !== undefined) return release
      throw new Error(JSON.stringify([release.emergency, release.lock, release.phase, release.reason]))
    })
    expect(await product.git.commits(head, await product.git.head())).toHaveLength(1)
    const text = await product.git.read(file)
    expect(text).toContain('podinfo:0.4.21')
    expect(text).toContain('wheelhouse.dev/refuse.chart-image: 0.4.22')
    expect(text).toContain('fluxcd.io/locked_msg: it leaks')
    expect((await newest())?.revision).toBe(revision)
  })

  it('its hold expires: an alert, and nothing else', async () => {
    const [head, revision] = [await product.git.head(), (await newest())?.revision]
    await waitUntil('the alert is there', async () => (await openAlerts()).includes('hold-expired'))
    expect(await product.git.head()).toBe(head)
    expect((await newest())?.revision).toBe(revision)
  })

  it('lifted, the newest version comes by one commit, and never the bad one', async () => {
    const [head, revision] = [await product.git.head(), (await newest())?.revision ?? 0]
    await product.call(liftHold, { params: { id } })
    await deployedAbove(product, name, namespace, revision)
    expect(await manifest()).toContain('podinfo:0.4.23')
    expect(await product.git.commits(head, await product.git.head())).toHaveLength(1)
    const history = await product.history(name, namespace)
    expect(history.filter((row) => row.revision > revision)).toHaveLength(1)
  })
})
