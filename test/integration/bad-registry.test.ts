import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pushImage } from '#demo/world/push-image.ts'
import { startRegistryServer, type RegistryFault, type RegistryServer } from '#test/fakes/registry-server.ts'
import { pushConfig } from '#test/fixtures/oci-push.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest
/** Of podinfo in dev, which goes by build time. */
let registry: RegistryServer
/** Of web in prod, which goes by version. */
let other: RegistryServer

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const dev = 'releases/dev/podinfo.yaml'
const prod = 'releases/prod/web.yaml'
const day = (number: number) => new Date(Date.UTC(2026, 0, number))
const podinfo = () => `${registry.host}/podinfo`
const web = () => `${other.host}/web`

const push = (tag: string, created: Date | null) =>
  pushImage({ registry: registry.host, repository: 'podinfo', tag, created })
const pushWeb = (tag: string) => pushImage({ registry: other.host, repository: 'web', tag })
const releaseOf = (tag: string) => ({
  text: releaseText({
    annotations: ['fluxcd.io/automated: "true"', 'fluxcd.io/tag.chart-image: glob:dev-*'],
    values: [`image: ${podinfo()}:${tag}`],
  }),
})

/** dev-1 runs and was scanned; so does 0.4.1 of the other. */
beforeEach(async () => {
  ;[registry, other] = await Promise.all([startRegistryServer(), startRegistryServer()])
  worker = await startWorkerInTest(await database.fresh())
  await Promise.all([push('dev-1', day(1)), pushWeb('0.4.1')])
  const annotations = ['fluxcd.io/automated: "true"', 'fluxcd.io/tag.chart-image: semver:~0.4']
  await worker.origin.push({
    ...chartFiles,
    [dev]: releaseOf('dev-1'),
    [prod]: {
      text: releaseText({ name: 'web', namespace: 'prod', annotations, values: [`image: ${web()}:0.4.1`] }),
    },
  })
  await worker.fetch()
  await scanBoth()
  return () => Promise.all([worker.close(), registry.close(), other.close()])
})

const scanBoth = async () => {
  await worker.scan(podinfo())
  await worker.scan(web())
}

/** Tags as written in Git now. */
async function written(): Promise<string[]> {
  const texts = [await worker.origin.git(['-C', worker.origin.bare, 'show', `main:${dev}`])]
  texts.push(await worker.origin.git(['-C', worker.origin.bare, 'show', `main:${prod}`]))
  return texts.map((text) => /^ +image: \S+:(\S+)/m.exec(text)?.[1] ?? '')
}

const known = async () => (await worker.store.allTags(podinfo())).map(({ name }) => name).sort()
const problem = async () => (await worker.store.getImageRepository(podinfo()))?.problem
const decision = async (release = 'podinfo-dev') => (await worker.store.listDecisions(worker.release(release).id, 1))[0]
const alerts = async () => (await worker.store.listAlerts({ open: true, limit: 10 })).map(({ kind }) => kind)

describe('a registry that answers badly', () => {
  const rows: [label: string, fault: RegistryFault, code: string, againMs: number][] = [
    ['401', { kind: 'status', status: 401 }, 'registry-unauthorized', 60_000],
    ['404', { kind: 'status', status: 404 }, 'not-found', 60_000],
    ['429', { kind: 'status', status: 429, headers: { 'retry-after': '120' } }, 'rate-limited', 120_000],
    ['500', { kind: 'status', status: 500 }, 'registry-unreachable', 60_000],
    ['garbage', { kind: 'status', status: 200, body: '<html>sign in' }, 'registry-answer-invalid', 60_000],
    ['half a page', { kind: 'half' }, 'registry-unreachable', 60_000],
  ]
  it.each(rows)('%s: keeps what it knew, says why, comes back; others go on', async (_label, fault, code, againMs) => {
    await push('dev-2', day(2))
    await pushWeb('0.4.2')
    registry.fault = () => fault
    expect(await worker.scan(podinfo())).toBe(worker.clock.now() + againMs)
    await worker.scan(web())
    expect(await problem()).toMatchObject({ code, severity: 'error', subject: podinfo() })
    expect(await known()).toEqual(['dev-1'])
    expect(await written()).toEqual(['dev-1', '0.4.2'])
    expect(worker.release('web')).toMatchObject({ phase: 'deployed', revision: 2 })

    registry.fault = undefined
    await worker.restart()
    await worker.fetch()
    await worker.scan(podinfo())
    expect(await problem()).toBeUndefined()
    expect(await written()).toEqual(['dev-2', '0.4.2'])
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'deployed', revision: 2 })
  })

  it('half the pages: nothing vanishes and nothing is chosen', async () => {
    await Promise.all([push('dev-2', day(2)), push('dev-3', day(3))])
    registry.pageSize = 1
    registry.fault = ({ url }) => (url.includes('last=dev-2') ? { kind: 'status', status: 500 } : undefined)
    await worker.scan(podinfo())
    expect(await known()).toEqual(['dev-1'])
    expect(await written()).toEqual(['dev-1', '0.4.1'])
  })

  it('while build times are read: chooses nothing, keeps what it read', async () => {
    await Promise.all([push('dev-2', day(2)), push('dev-3', day(3))])
    registry.fault = ({ url }) => (url.includes('manifests/dev-3') ? { kind: 'status', status: 500 } : undefined)
    await worker.scan(podinfo())
    expect(await problem()).toMatchObject({ code: 'registry-unreachable' })
    expect(await written()).toEqual(['dev-1', '0.4.1'])
    registry.fault = undefined
    registry.requests.length = 0
    await worker.scan(podinfo())
    expect(registry.requests.filter(({ url }) => url.includes('manifests/dev-2'))).toEqual([])
    expect(await written()).toEqual(['dev-3', '0.4.1'])
  })
})

describe('an image that cannot be ordered', () => {
  const verdict = async (tag: string) => (await worker.store.allTags(podinfo())).find(({ name }) => name === tag)

  it('without build time: is never chosen and blocks nobody', async () => {
    await Promise.all([push('dev-2', day(2)), push('dev-3', null)])
    await worker.scan(podinfo())
    expect(await written()).toEqual(['dev-2', '0.4.1'])
    expect(await verdict('dev-3')).toMatchObject({ created: null })
  })

  it.each([
    ['whose manifest is not there', { kind: 'status', status: 404 } as const, 'manifests/dev-3'],
    ['whose manifest is garbage', { kind: 'status', status: 200, body: 'no' } as const, 'manifests/dev-3'],
  ])('%s: blocks nobody, is told, and looked at again', async (_label, fault, part) => {
    await Promise.all([push('dev-2', day(2)), push('dev-3', day(3))])
    registry.fault = ({ url }) => (url.includes(part) ? fault : undefined)
    await worker.scan(podinfo())
    expect(await written()).toEqual(['dev-2', '0.4.1'])
    expect(await problem()).toMatchObject({ code: 'image-unreadable', severity: 'warning' })
    expect((await problem())?.message).toContain('dev-3')
    registry.fault = undefined
    await worker.scan(podinfo())
    expect(await written()).toEqual(['dev-3', '0.4.1'])
    expect(await problem()).toBeUndefined()
  })

  it('whose configuration is garbage for good: blocks nobody', async () => {
    await push('dev-2', day(2))
    await pushConfig({ host: registry.host, path: 'podinfo' }, 'dev-3', 'not json')
    await worker.scan(podinfo())
    expect(await written()).toEqual(['dev-2', '0.4.1'])
    expect(await problem()).toMatchObject({ code: 'image-unreadable' })
  })

  it('with the build time of another: nothing is chosen, and the decision says why', async () => {
    await Promise.all([push('dev-2', day(2)), push('dev-3', day(2))])
    await worker.scan(podinfo())
    expect(await written()).toEqual(['dev-1', '0.4.1'])
    expect(await decision()).toMatchObject({ kind: 'blocked' })
    expect((await decision())?.reason).toContain('dev-2, dev-3 are different images with one build time')
    await push('dev-4', day(4))
    await worker.scan(podinfo())
    expect(await written()).toEqual(['dev-4', '0.4.1'])
  })

  it('of 300 characters: is not even listed', async () => {
    const tags = ['0.4.1', `0.4.9-${'x'.repeat(300)}`, `0.4.8\n${'x'.repeat(10)}`]
    other.fault = ({ url }) =>
      url.includes('tags/list') ? { kind: 'status', status: 200, body: JSON.stringify({ tags }) } : undefined
    await worker.scan(web())
    expect((await worker.store.allTags(web())).map(({ name }) => name)).toEqual(['0.4.1'])
    expect(await written()).toEqual(['dev-1', '0.4.1'])
  })
})

describe('the current tag was deleted', () => {
  it('stays where only older ones are left, and alerts', async () => {
    await push('dev-0', new Date(Date.UTC(2025, 0, 1)))
    registry.deleteTag('podinfo', 'dev-1')
    await worker.scan(podinfo())
    expect(await written()).toEqual(['dev-1', '0.4.1'])
    expect(await decision()).toMatchObject({ kind: 'stay' })
    expect(await alerts()).toEqual(['tag-vanished'])
  })

  it('moves on to what is newer, and the alert ends', async () => {
    registry.deleteTag('podinfo', 'dev-1')
    await worker.scan(podinfo())
    await push('dev-2', day(2))
    await worker.scan(podinfo())
    await worker.scan(podinfo())
    expect(await written()).toEqual(['dev-2', '0.4.1'])
    expect(await alerts()).toEqual([])
  })

  it('by version: the same, downwards never', async () => {
    await pushWeb('0.4.0')
    other.deleteTag('web', '0.4.1')
    await worker.scan(web())
    expect(await written()).toEqual(['dev-1', '0.4.1'])
    await pushWeb('0.4.2')
    await worker.scan(web())
    expect(await written()).toEqual(['dev-1', '0.4.2'])
  })

  it('while its manifest alone is gone: alerts', async () => {
    registry.fault = ({ url }) => (url.includes('manifests/dev-1') ? { kind: 'status', status: 404 } : undefined)
    await worker.scan(podinfo())
    expect(await alerts()).toEqual(['tag-vanished'])
    registry.fault = undefined
    await worker.scan(podinfo())
    expect(await alerts()).toEqual([])
  })

  it('before it was ever seen: nothing is known to be newer', async () => {
    await worker.origin.push({ [dev]: releaseOf('dev-0') })
    await worker.fetch()
    await worker.scan(podinfo())
    expect(await written()).toEqual(['dev-0', '0.4.1'])
    expect((await decision())?.reason).toContain('has no known build time')
  })
})
