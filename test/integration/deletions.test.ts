import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DeletionRecord } from '#lib/ports/store/index.ts'
import type { Change } from '#test/fixtures/git-origin.ts'
import { chartFiles, configMapText, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const podinfo = 'releases/dev/podinfo.yaml'
const namespaces = 'namespaces/dev.yaml'
const settings = (name: string) => `releases/dev/${name}.yaml`
const object = (name: string) => `dev:configmap/${name}`
const gone: Change = { removed: true }
const on: Record<string, Change> = { 'wheelhouse.yaml': { text: 'deletion: on\n' } }
const namespaceText = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: dev\n'
const secretText = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n  namespace: dev\n'

/** Thirty ConfigMaps `s0` to `s29`, an account, a namespace and a release, where whatever leaves Git is deleted. */
const seed: Record<string, Change> = {
  ...chartFiles,
  ...on,
  [podinfo]: { text: releaseText() },
  [namespaces]: { text: namespaceText },
  [settings('account')]: { text: secretText },
  ...Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [settings(`s${index}`), { text: configMapText(`s${index}`) }]),
  ),
}

beforeEach(async () => {
  worker = await startWorkerInTest(await database.fresh())
  return () => worker.close()
})

async function start(more: Record<string, Change> = {}) {
  await worker.origin.push({ ...seed, ...more })
  await worker.fetch()
}

async function push(changes: Record<string, Change>) {
  await worker.origin.push(changes)
  await worker.fetch()
}

async function apply() {
  worker.deps.wakeups.wake('apply')
  await worker.settle()
}

const states: DeletionRecord['state'][] = ['waiting', 'consented', 'done', 'cancelled', 'kept']

/** `state object: guard`, of everything that was ever asked or decided. */
async function deletions(): Promise<string[]> {
  const all = await worker.store.listDeletions(states)
  return all.map(({ state, object: id, guard }) => `${state} ${id}${guard ? `: ${guard}` : ''}`).sort()
}

/** As the page does it. */
async function consentToAll() {
  for (const deletion of await worker.store.listDeletions(['waiting']))
    await worker.store.saveDeletion({ ...deletion, state: 'consented', decidedBy: 'ada@example.test' })
  await apply()
}

/** Kinds of audit rows by intent, of deletions. */
async function intents(): Promise<string[]> {
  await worker.store.chainAudit()
  const rows = (await worker.store.readChain(1, 1_000)).filter(({ intent }) => intent?.startsWith('delete:'))
  return [...Map.groupBy(rows, ({ intent }) => intent).values()].map((same) => same.map(({ kind }) => kind).join(' '))
}

describe('another source', () => {
  it('of other paths deletes nothing, and neither does its next commit', async () => {
    await start({ 'apps/one.yaml': { text: configMapText('one') } })
    await push({ 'wheelhouse.yaml': { text: 'deletion: on\npaths: [apps]\n' } })
    await push({ 'README.md': { text: 'next' } })
    expect(await deletions()).toEqual([])
    expect(worker.cluster.deleted).toEqual([])
  })

  it('takes over what it has too, with its label, and may delete that', async () => {
    await start()
    const label = () => worker.cluster.objects.get(object('s1'))?.metadata.labels?.['wheelhouse.dev/source']
    const before = label()
    await push({ 'wheelhouse.yaml': { text: 'deletion: on\npaths: [releases]\n' } })
    expect(label()).not.toBe(before)
    await push({ [settings('s1')]: gone })
    expect(await deletions()).toEqual([`done ${object('s1')}`])
  })

  it('that nobody noted is nobody’s, as after an update', async () => {
    await start()
    const rows = await worker.store.listInventory('default')
    await worker.store.saveInventory(rows.map((row) => ({ ...row, source: '' })))
    await worker.restart()
    await push({ [settings('s1')]: gone })
    expect(await deletions()).toEqual([])
    await push({ [settings('s2')]: gone })
    expect(await deletions()).toEqual([`done ${object('s2')}`])
  })
})

describe('what was never applied', () => {
  it('is somebody else’s, and nobody asks about it', async () => {
    worker.cluster.unappliable.add(object('s1'))
    await start()
    await push({ [settings('s1')]: gone })
    expect(await deletions()).toEqual([])
    expect(await worker.store.listInventory('default')).not.toContainEqual(
      expect.objectContaining({ object: object('s1') }),
    )
  })
})

describe('fluxcd.io/ignore', () => {
  it.each([
    ['fluxcd.io/ignore', 'sync_only'],
    ['flux.weave.works/ignore', 'sync_only'],
    ['fluxcd.io/ignore', 'true'],
  ])('%s: %s keeps what leaves Git', async (key, value) => {
    await start()
    await push({ [settings('s1')]: { text: `${configMapText('s1')}  annotations: {${key}: "${value}"}\n` } })
    await push({ [settings('s1')]: gone })
    expect(await deletions()).toEqual([`kept ${object('s1')}`])
    expect(worker.cluster.deleted).toEqual([])
  })
})

it('asks about what stood in a file that could not be read', async () => {
  await start()
  await push({ [settings('s1')]: { text: 'broken: [' } })
  await push({ [settings('s1')]: gone })
  expect(await deletions()).toEqual([`waiting ${object('s1')}: Its file could not be read before it was removed.`])
})

describe('a release where deletion is on', () => {
  const manifest = (kind: string) => `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: a}\n`
  const keep = (kind: string) =>
    worker.store.saveRevision(
      {
        release: worker.release('podinfo-dev').id,
        revision: 1,
        status: 'deployed',
        updatedAt: worker.clock.time,
        chartName: 'podinfo',
        chartVersion: '0.2.0',
        appVersion: '',
        description: '',
        images: [],
      },
      { values: {}, manifest: manifest(kind) },
    )

  const rows: [label: string, kind: string | undefined, state: string][] = [
    ['is uninstalled where it holds no data', 'Deployment', 'done dev:helmrelease/podinfo-dev'],
    [
      'asks where it holds a StatefulSet',
      'StatefulSet',
      'waiting dev:helmrelease/podinfo-dev: It holds a StatefulSet, which is never deleted without consent.',
    ],
    [
      'asks where its manifest is not known',
      undefined,
      'waiting dev:helmrelease/podinfo-dev: What its chart deployed is not known.',
    ],
  ]
  it.each(rows)('%s', async (_label, kind, state) => {
    await start()
    if (kind) await keep(kind)
    await push({ [podinfo]: gone })
    expect(await deletions()).toEqual([state])
    expect(worker.helm.calls.includes('uninstall podinfo-dev')).toBe(state.startsWith('done'))
  })
})

describe('what was consented to', () => {
  const leaving = { [podinfo]: gone, [namespaces]: gone, [settings('account')]: gone, [settings('s1')]: gone }

  it('goes in the opposite order of applying', async () => {
    await start()
    await push(leaving)
    await consentToAll()
    expect(worker.helm.calls).toEqual(['install podinfo-dev', 'uninstall podinfo-dev'])
    expect(worker.cluster.deleted).toEqual([
      'dev:helmrelease/podinfo-dev',
      object('s1'),
      'dev:serviceaccount/a',
      '<cluster>:namespace/dev',
    ])
    expect(await intents()).toEqual(Array(4).fill('deletion.intent deletion.done'))
  })

  it('waits for what needs it and cannot go', async () => {
    await start()
    worker.cluster.undeletable.add(object('s1'))
    await push(leaving)
    await consentToAll()
    expect(worker.cluster.deleted).toEqual(['dev:helmrelease/podinfo-dev'])
    worker.cluster.undeletable.clear()
    await apply()
    expect(worker.cluster.deleted.at(-1)).toBe('<cluster>:namespace/dev')
    expect(await intents()).toEqual(Array(4).fill('deletion.intent deletion.done'))
  })

  it('that is refused stops no other and no apply, and goes on under its intent after a crash', async () => {
    await start()
    worker.cluster.undeletable.add(object('s1'))
    worker.cluster.applied.length = 0
    await push({ [settings('s1')]: gone, [settings('s2')]: gone, [settings('new')]: { text: configMapText('new') } })
    expect(worker.cluster.deleted).toEqual([object('s2')])
    expect(worker.cluster.applied).toEqual([object('new')])
    expect((await worker.store.listAlerts({ open: true, limit: 9 })).map(({ kind }) => kind)).toEqual([
      'deletion-refused',
    ])
    worker.cluster.undeletable.clear()
    await worker.restart()
    await worker.fetch()
    expect(worker.cluster.deleted).toEqual([object('s2'), object('s1')])
    expect(await worker.store.listAlerts({ open: true, limit: 9 })).toEqual([])
    expect(await intents()).toEqual(Array(2).fill('deletion.intent deletion.done'))
  })

  it('is cancelled with its intent once it is back in Git', async () => {
    await start()
    worker.cluster.undeletable.add(object('s1'))
    await push({ [settings('s1')]: gone })
    await push({ [settings('s1')]: { text: configMapText('s1') } })
    expect(await intents()).toEqual(['deletion.intent deletion.cancelled'])
    worker.cluster.undeletable.clear()
    await apply()
    expect(worker.cluster.deleted).toEqual([])
  })

  const barriers: [label: string, put: () => Promise<void>, lift: () => Promise<void>][] = [
    [
      'a stop',
      () => push({ 'wheelhouse.yaml': { text: 'environments: [{name: dev, stop: fire}]\n' } }),
      () => push(on),
    ],
    [
      'observing',
      async () => void (worker.deps.memory.modes = { dev: 'observe' }),
      async () => {
        worker.deps.memory.modes = {}
        await apply()
      },
    ],
  ]
  it.each(barriers)('does not outweigh %s', async (_label, put, lift) => {
    await start()
    worker.cluster.undeletable.add(object('s1'))
    await push({ [settings('s1')]: gone })
    worker.cluster.undeletable.clear()
    await put()
    await apply()
    expect(worker.cluster.deleted).toEqual([])
    await lift()
    expect(worker.cluster.deleted).toEqual([object('s1')])
  })

  it('is left alone until Git was read', async () => {
    await start()
    worker.cluster.undeletable.add(object('s1'))
    await push({ [settings('s1')]: gone })
    worker.cluster.undeletable.clear()
    await worker.restart()
    await apply()
    expect(worker.cluster.deleted).toEqual([])
  })
})
