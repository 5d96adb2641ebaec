import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pushImage } from '#demo/world/push-image.ts'
import { startRegistryServer, type RegistryServer } from '#test/fakes/registry-server.ts'
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

const dev = 'releases/dev/podinfo.yaml'
const image = () => `${registry.host}/podinfo`
const automated = 'fluxcd.io/automated: "true"'
const day = (number: number) => new Date(Date.UTC(2026, 0, number))
const push = (tag: string, created: Date) => pushImage({ registry: registry.host, repository: 'podinfo', tag, created })

/** Two images, of which the second is newer by every order. */
beforeEach(async () => {
  registry = await startRegistryServer()
  worker = await startWorkerInTest(await database.fresh())
  await push('1.0.0', day(1))
  await push('1.0.1', day(2))
  return () => Promise.all([worker.close(), registry.close()])
})

/** Commits the release, deploys it, and scans. */
async function follow(annotations: string[], values: string[]): Promise<void> {
  await worker.origin.push({ ...chartFiles, [dev]: { text: releaseText({ annotations, values }) } })
  await worker.fetch()
  await worker.scan(image())
}

const fileAtHead = () => worker.origin.git(['-C', worker.origin.bare, 'show', `main:${dev}`])
const decision = async () => (await worker.store.listDecisions(worker.release('podinfo-dev').id, 1))[0]
const operations = async () =>
  (await worker.store.listOperations({ release: worker.release('podinfo-dev').id, limit: 20 }))
    .filter(({ cause }) => cause.kind === 'tag')
    .map(({ state, reason }) => `${state} ${reason}`)

describe('a filter that is wrong never matches everything', () => {
  it.each([
    ['semver', 'fluxcd.io/tag.chart-image: "semver:one.two"', 'policy-semver-invalid', 'no version constraint'],
    ['regexp', 'fluxcd.io/tag.chart-image: "regexp:1.("', 'policy-regexp-invalid', 'no regular expression'],
    ['look-ahead', 'fluxcd.io/tag.chart-image: "regexp:(?=1)"', 'policy-regexp-invalid', 'no regular expression'],
    ['glob', 'fluxcd.io/tag.chart-image: "glob:"', 'policy-empty', 'is empty'],
    ['mistyped kind', 'fluxcd.io/tag.chart-image: "semvar:~1"', 'policy-kind-unknown', 'no kind of filter'],
    ['too long', `fluxcd.io/tag.chart-image: "glob:${'1*'.repeat(300)}"`, 'policy-too-long', 'characters'],
    ['unknown spelling', 'fluxcd.io/tags.chart-image: "semver:~1"', 'policy-key-unknown', 'fluxcd.io/tags.chart-image'],
    ['unknown prefix', 'flux.weaveworks/tag.chart-image: "semver:~1"', 'policy-key-unknown', 'flux.weaveworks'],
    ['no such container', 'fluxcd.io/tag.chartimage: "semver:~1"', 'policy-container-unknown', 'chartimage'],
  ])('%s: not automated, and file, release and decision say why', async (_label, annotation, code, says) => {
    await follow([automated, annotation], [`image: ${image()}:1.0.0`])
    expect(await fileAtHead()).toContain('podinfo:1.0.0')
    expect(await decision()).toMatchObject({ kind: 'blocked', reason: expect.stringContaining(says) })
    const place = { code, severity: 'warning', path: dev, line: 1 }
    const snapshot = await worker.store.latestSnapshot(worker.deps.settings.repository)
    expect(snapshot?.problems).toMatchObject([place])
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'deployed', problems: [place] })
    expect(worker.release('podinfo-dev').images).toMatchObject([{ problem: { code } }])

    await follow([automated, 'fluxcd.io/tag.chart-image: "semver:~1"'], [`image: ${image()}:1.0.0`])
    expect(await fileAtHead()).toContain('podinfo:1.0.1')
  })

  it('a mistyped switch does not switch on', async () => {
    await follow(['fluxcd.io/automate: "true"'], [`image: ${image()}:1.0.0`])
    expect(await fileAtHead()).toContain('podinfo:1.0.0')
    expect(worker.release('podinfo-dev')).toMatchObject({
      automated: false,
      problems: [{ code: 'policy-key-unknown' }],
    })
  })
})

describe('how a tag is written', () => {
  const semver = [automated, 'fluxcd.io/tag.chart-image: "semver:~1"']

  it.each([
    ['a number without quotes', ['tag: 1.9'], '1.10', ['tag: "1.10"']],
    ['a lone number', ['tag: 150'], '151', ['tag: "151"']],
    ['text in quotes', ["tag: '1.0.0'"], '1.0.1', ["tag: '1.0.1'"]],
  ])('%s: the new one is text', async (_label, before, tag, after) => {
    await push(before[0]?.replace(/[^0-9.]/g, '') ?? '', day(1))
    await push(tag, day(3))
    const filter = tag === '151' ? [automated, 'fluxcd.io/tag.chart-image: "semver:*"'] : semver
    await follow(filter, [`image: ${image()}`, ...before])
    expect(await fileAtHead()).toContain(after[0])
    expect(worker.helm.requests.at(-1)?.values).toEqual({ image: image(), tag })
  })

  it('300 characters: no image, named at its place, the release goes on', async () => {
    await follow(semver, [`image: ${image()}`, `tag: ${'x'.repeat(300)}`])
    expect(worker.release('podinfo-dev').problems).toMatchObject([
      { code: 'image-invalid', severity: 'warning', path: dev },
      { code: 'policy-container-unknown', severity: 'warning' },
    ])
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'deployed', images: [] })
  })

  it('beside a digest: both change in one commit', async () => {
    const { digest } = await push('1.0.2', day(3))
    await follow(semver, [`image: ${image()}:1.0.0@sha256:${'a'.repeat(64)}`])
    expect(await fileAtHead()).toContain(`podinfo:1.0.2@${digest}`)
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'deployed', revision: 2 })
  })

  it('beside a digest that cannot be had: blocked, and nothing is written', async () => {
    registry.fault = ({ url }) => (url.includes('manifests/1.0.1') ? { kind: 'status', status: 404 } : undefined)
    await follow(semver, [`image: ${image()}:1.0.0@sha256:${'a'.repeat(64)}`])
    expect(await fileAtHead()).toContain('podinfo:1.0.0@')
    expect(await decision()).toMatchObject({ kind: 'blocked', reason: expect.stringContaining('digest of 1.0.1') })
    expect(await operations()).toEqual([])
    registry.fault = undefined
    await worker.scan(image())
    expect(await fileAtHead()).toContain('podinfo:1.0.1@sha256:')
  })

  it('shared with another value: refused once, with the reason', async () => {
    await follow(semver, ['version: &v 1.0.0', `image: ${image()}`, 'tag: *v'])
    expect(await fileAtHead()).toContain('&v 1.0.0')
    expect(await operations()).toEqual([expect.stringMatching(/^refused .*anchor|^refused .*alias|^refused .*shared/i)])
  })
})

describe('a branch that says something else meanwhile', () => {
  const semver = [automated, 'fluxcd.io/tag.chart-image: "semver:~1"']
  const at = (tag: string, more: string[] = []) => ({
    [dev]: { text: releaseText({ annotations: [...semver, ...more], values: [`image: ${image()}:${tag}`] }) },
  })

  it.each([
    ['another image', () => at('1.0.1-hot'), 'superseded'],
    ['a lock', () => at('1.0.0', ['fluxcd.io/locked: "true"', 'fluxcd.io/locked_msg: audit']), 'refused'],
    ['nothing of it any more', () => ({ [dev]: { removed: true as const } }), 'superseded'],
  ])('%s: that is fetched and counts', async (_label, changes, state) => {
    await worker.origin.push({ ...chartFiles, ...at('1.0.0') })
    await worker.fetch()
    const theirs = await worker.origin.push(changes())
    await worker.scan(image())
    expect((await operations()).map((line) => line.split(' ')[0])).toContain(state)
    expect(await worker.origin.head()).toBe(worker.deps.memory.snapshot?.commit)
    const log = await worker.origin.git(['-C', worker.origin.bare, 'log', '--format=%H', 'main'])
    expect(log).toContain(theirs)
  })
})
