import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { patchRelease } from '#lib/operations/work/release-records.ts'
import { startRegistryServer, type RegistryServer } from '#test/fakes/registry-server.ts'
import { pushConfig } from '#test/fixtures/oci-push.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest
let registry: RegistryServer

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const path = 'releases/dev/podinfo.yaml'
const minute = 60_000
/** The same image for the same day. */
const pushTag = (path: string, tag: string, created = day(1)) =>
  pushConfig({ host: registry.host, path }, tag, { created: created.toISOString() })
const day = (number: number) => new Date(Date.UTC(2026, 0, number))

/** `app` goes by the filter, `sidecar` by nothing. */
function document(options: { filter?: string; tags?: [app: string, sidecar: string]; more?: string[] } = {}) {
  const { filter = 'semver:~1.0', tags = ['1.0.0', '1.0.0'], more = [] } = options
  const annotations = ['fluxcd.io/automated: "true"', `fluxcd.io/tag.chart-image: ${filter}`]
  const [app, sidecar] = tags.map((tag, index) => `${registry.host}/${['app', 'sidecar'][index]}:${tag}`)
  const values = [`image: ${app}`, 'side:', `  image: ${sidecar}`, ...more]
  return { [path]: { text: releaseText({ annotations, values }) } }
}

beforeEach(async () => {
  registry = await startRegistryServer()
  worker = await startWorkerInTest(await database.fresh())
  await Promise.all(['app', 'sidecar'].map((path) => pushTag(path, '1.0.0')))
  await worker.origin.push({ ...chartFiles, ...document() })
  await worker.fetch()
  return () => Promise.all([worker.close(), registry.close()])
})

/** `kind severity` of what is open, and how often it was updated in place. */
const open = async () =>
  (await worker.store.listAlerts({ open: true, limit: 50 })).map(({ kind, severity }) => `${kind} ${severity}`).sort()
const recovered = async () => (await worker.store.listAlerts({ open: false, limit: 50 })).map(({ kind }) => kind)

async function push(changes: Parameters<WorkerInTest['origin']['push']>[0]) {
  await worker.origin.push(changes)
  await worker.fetch()
}

const release = () => worker.release('podinfo-dev')
async function patch(change: Parameters<typeof patchRelease>[2]) {
  await patchRelease(worker.deps, release().id, change)
  await worker.settle()
}

describe('a release', () => {
  it('whose upgrade fails, again and again, is one incident until it works', async () => {
    const failed = { kind: 'failed' as const, message: 'no such image', hook: false }
    worker.helm.answers.push(failed, failed)
    await push(document({ more: ['replicaCount: 2'] }))
    expect(await open()).toEqual(['release-failed critical'])
    const [first] = await worker.store.listAlerts({ open: true, limit: 1 })
    expect(first).toMatchObject({ release: release().id, environment: 'dev', title: 'podinfo-dev failed' })

    worker.deps.wakeups.wake('release', release().id)
    await patch({ asked: 'retry' })
    expect(worker.helm.calls).toHaveLength(3)
    const [second] = await worker.store.listAlerts({ open: true, limit: 1 })
    expect(second?.id).toBe(first?.id)

    await worker.restart()
    await push(document({ more: ['replicaCount: 3'] }))
    expect(release()).toMatchObject({ phase: 'deployed' })
    expect(await open()).toEqual([])
    expect(await recovered()).toEqual(['release-failed'])
  })

  it('that Git blocks is an incident until Git is right', async () => {
    await push({ [path]: { text: releaseText({ chart: '' }) } })
    expect(await open()).toEqual(['release-blocked warning'])
    await push(document())
    expect(await open()).toEqual([])
  })

  it('whose pods fail is an incident until they are well, not while they progress', async () => {
    await patch({ health: 'progressing', healthReason: '0 of 1 pods ready' })
    expect(await open()).toEqual([])
    await patch({ health: 'failing', healthReason: 'Pod a crashed' })
    expect(await open()).toEqual(['unhealthy warning'])
    await patch({ health: 'progressing', healthReason: '0 of 1 pods ready' })
    await patch({ health: 'stuck', healthReason: 'It gave up' })
    expect(await open()).toEqual(['unhealthy critical'])
    await patch({ health: 'healthy', healthReason: 'ready' })
    expect(await open()).toEqual([])
    expect(await recovered()).toEqual(['unhealthy'])
  })

  it('whose filter is broken is an incident until it is mended', async () => {
    await push(document({ filter: 'semver:none' }))
    expect(await open()).toEqual(['policy-broken warning'])
    await push(document())
    expect(await open()).toEqual([])
  })

  it('that the worker forgets ends its incidents', async () => {
    await push(document({ filter: 'semver:none' }))
    worker.deps.memory.releases.delete(release().id)
    worker.deps.wakeups.wake('alert', '')
    await worker.settle()
    expect(await open()).toEqual([])
  })
})

describe('a registry', () => {
  const app = () => `${registry.host}/app`
  const sidecar = () => `${registry.host}/sidecar`
  const onlyApp = (status: number) => ({
    fault: ({ url }: { url: string }) =>
      url.includes('/app/') ? { kind: 'status' as const, status, headers: { 'retry-after': '0' } } : undefined,
  })
  const scanBoth = async () => {
    await worker.scan(app())
    await worker.scan(sidecar())
  }

  it.each([
    [503, 'registry-unreachable warning'],
    [401, 'registry-unauthorized warning'],
  ])('that answers %s for one repository is one incident until that one is read', async (status, kind) => {
    registry.fault = onlyApp(status).fault
    await scanBoth()
    const [first] = await worker.store.listAlerts({ open: true, limit: 1 })
    await worker.restart()
    await worker.fetch()
    await scanBoth()
    expect(await open()).toEqual([kind])
    expect((await worker.store.listAlerts({ open: true, limit: 1 }))[0]?.id).toBe(first?.id)
    registry.fault = undefined
    await scanBoth()
    expect(await open()).toEqual([])
  })

  it('that is down as a whole is one incident', async () => {
    registry.fault = () => ({ kind: 'status', status: 503 })
    await scanBoth()
    expect(await open()).toEqual(['registry-unreachable warning'])
  })

  it('that limits requests is one only if that lasts', async () => {
    registry.fault = onlyApp(429).fault
    await worker.scan(app())
    worker.clock.time += 14 * minute
    await worker.scan(app())
    expect(await open()).toEqual([])
    worker.clock.time += minute
    await worker.scan(app())
    expect(await open()).toEqual(['rate-limited warning'])
    registry.fault = undefined
    await worker.scan(app())
    expect(await open()).toEqual([])
  })

  it('is none any more when nobody uses the repository', async () => {
    registry.fault = onlyApp(401).fault
    await scanBoth()
    await push({ [path]: { text: releaseText({ values: [`image: ${sidecar()}:1.0.0`] }) } })
    expect(await open()).toEqual([])
  })
})

describe('a tag in use', () => {
  const app = () => `${registry.host}/app`
  const sidecar = () => `${registry.host}/sidecar`
  const pushApp = (tag: string, created?: Date) => pushTag('app', tag, created)
  const use = (tag: string) => push(document({ tags: [tag, '1.0.0'], filter: 'glob:*' }))
  const kinds = async () => (await open()).map((line) => line.split(' ')[0])
  const tagOf = async (name: string) => (await worker.store.allTags(app())).find((tag) => tag.name === name)

  beforeEach(async () => {
    await worker.scan(app())
    await worker.scan(sidecar())
  })

  it('that moved is an incident until it is what it was, or another one runs', async () => {
    const first = await tagOf('1.0.0')
    await pushApp('1.0.0', day(2))
    await worker.scan(app())
    await pushApp('1.0.0', day(3))
    await worker.scan(app())
    await worker.scan(app())
    expect(await kinds()).toEqual(['tag-moved'])
    const [alert] = await worker.store.listAlerts({ open: true, limit: 1 })
    expect(alert?.detail).toContain(`It was ${first?.digest}, it is ${(await tagOf('1.0.0'))?.digest}`)
    expect(alert?.release).toBe(release().id)

    await pushApp('1.1.0')
    await push(document({ tags: ['1.1.0', '1.0.0'] }))
    expect(await kinds()).toEqual([])
    await push(document())
    await worker.scan(app())
    expect(await kinds()).toEqual([])
  })

  it('that moved and came back is as before', async () => {
    await pushApp('1.0.0', day(2))
    await worker.scan(app())
    expect(await kinds()).toEqual(['tag-moved'])
    await pushApp('1.0.0')
    await worker.scan(app())
    expect(await kinds()).toEqual([])
    expect((await tagOf('1.0.0'))?.moved).toBeUndefined()
  })

  it('that moved is told even if the worker dies right after it was told', async () => {
    await pushApp('1.0.0', day(2))
    const { store } = worker
    worker.deps.store = { ...store, saveTags: () => Promise.reject(new Error('killed')) }
    await expect(worker.scan(app())).rejects.toThrow('killed')
    await worker.restart()
    await worker.fetch()
    await worker.scan(app())
    expect(await kinds()).toEqual(['tag-moved'])
    expect((await worker.store.listAlerts({ limit: 10 })).length).toBe(1)
  })

  it('that moved has another build time, which is read at once', async () => {
    await use('1.0.0')
    await worker.scan(app())
    const before = await tagOf('1.0.0')
    await pushApp('1.0.0', day(9))
    await worker.scan(app())
    expect(before?.created).toBe(day(1).getTime())
    expect(await tagOf('1.0.0')).toMatchObject({ created: day(9).getTime(), moved: { from: before?.digest } })
    expect(await kinds()).toEqual(['tag-moved'])
  })

  it('that is gone, comes back as another image: one incident ends, another begins', async () => {
    registry.deleteTag('app', '1.0.0')
    await worker.scan(app())
    expect(await kinds()).toEqual(['tag-vanished'])
    await pushApp('1.0.0', day(2))
    await worker.scan(app())
    expect(await kinds()).toEqual(['tag-moved'])
  })

  it('that a list leaves out although it is there is none', async () => {
    registry.fault = ({ url }) =>
      url.includes('/app/tags/list') ? { kind: 'status', status: 200, body: '{"tags":[]}' } : undefined
    await worker.scan(app())
    expect((await tagOf('1.0.0'))?.vanishedAt).toBeDefined()
    expect(await kinds()).toEqual([])
  })

  it('that never was there is one', async () => {
    await use('9.9.9')
    await worker.scan(app())
    // Nothing can be shown to be newer than what was never there.
    expect(await kinds()).toEqual(['policy-broken', 'tag-vanished'])
  })

  it.each([
    ['latest', (image: string) => `${image}:latest`, ['latest-in-use']],
    ['no tag', (image: string) => image, ['latest-in-use']],
    ['latest and another', (image: string) => `${image}:latest`, ['latest-in-use']],
    ['a digest', (image: string) => `${image}:latest@sha256:${'a'.repeat(64)}`, []],
  ])('%s: says nothing about what it holds, unless a digest does', async (_label, write, expected) => {
    await pushApp('latest')
    const values = [`image: ${write(app())}`, 'side:', `  image: ${app()}:1.0.0`]
    await push({ [path]: { text: releaseText({ values }) } })
    await worker.scan(app())
    await worker.scan(app())
    expect(await kinds()).toEqual(expected)
    await push({ [path]: { text: releaseText({ values: [`image: ${sidecar()}:1.0.0`] }) } })
    expect(await kinds()).toEqual([])
  })

  it('without a tag beside its repository is left to the chart', async () => {
    await push({ [path]: { text: releaseText({ values: ['image:', `  repository: ${app()}`] }) } })
    await worker.scan(app())
    expect(await kinds()).toEqual([])
  })
})
