import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '#lib/core/fault/index.ts'
import { getMatrix } from '#lib/operations/read/get-matrix.ts'
import { executeCommand } from '#lib/operations/command/execute-command.ts'
import type { Store } from '#lib/ports/store/index.ts'
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

beforeEach(async () => {
  worker = await startWorkerInTest(await database.fresh())
  return () => worker.close()
})

const dev = 'releases/dev/podinfo.yaml'
const prod = 'releases/prod/podinfo.yaml'
const namespace = (name: string): Change => ({
  text: `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`,
})
const devText = (replicas: number): Change => ({ text: releaseText({ values: [`replicaCount: ${replicas}`] }) })
const prodText = (replicas: number): Change => ({
  text: releaseText({ name: 'podinfo-prod', namespace: 'prod', values: [`replicaCount: ${replicas}`] }),
})
const seed: Record<string, Change> = {
  ...chartFiles,
  [dev]: devText(1),
  [prod]: prodText(1),
  'releases/dev/settings.yaml': { text: configMapText('settings') },
  'releases/prod/settings.yaml': { text: configMapText('settings', 'prod') },
}
const config = (...lines: string[]): Record<string, Change> => ({
  'wheelhouse.yaml': { text: `${lines.join('\n')}\n` },
})

async function start(files: Record<string, Change> = {}) {
  await worker.origin.push({ ...seed, ...files })
  await worker.fetch()
}

/** The store with one method that throws the next time it is called, as when the database goes away there. */
function failOnce(store: Store, method: keyof Store): Store {
  let failed = false
  return new Proxy(store, {
    get(target, name, receiver) {
      if (name !== method || failed) return Reflect.get(target, name, receiver)
      failed = true
      return () => Promise.reject(new Fault('database-unreachable', 'The database went away.', { retryable: true }))
    },
  })
}

const intents = async () => {
  await worker.store.chainAudit()
  const rows = await worker.store.readChain(1, 1_000)
  const apply = rows.filter(({ kind }) => kind.startsWith('apply.'))
  return [...Map.groupBy(apply, ({ intent }) => intent).values()].map((same) => same.map(({ kind }) => kind).join(' '))
}

describe('a head', () => {
  it.each(['transaction', 'listDeletions', 'watchRepositories', 'saveSnapshot', 'record'] as const)(
    'is handed on once more where the database went away in %s',
    async (method) => {
      const more = Array.from({ length: 10 }, (_, index) => configMapText(`more-${index}`)).join('---\n')
      await start({ ...config('deletion: on'), 'releases/dev/more.yaml': { text: more } })
      const commit = await worker.origin.push({
        [dev]: { text: `# twice\n${releaseText({ values: ['replicaCount: 2', 'image: ghcr.io/acme/podinfo:1'] })}` },
        'releases/dev/settings.yaml': { removed: true },
      })
      const { store } = worker.deps
      worker.deps.store = failOnce(store, method)
      await expect(worker.fetch()).rejects.toMatchObject({ code: 'database-unreachable' })
      worker.deps.store = store
      await worker.fetch()
      expect(worker.helm.calls.at(-1)).toBe('upgrade podinfo-dev')
      expect(worker.cluster.deleted).toEqual(['dev:configmap/settings'])
      expect(await store.latestSnapshot(worker.deps.settings.repository)).toMatchObject({ commit })
    },
  )
})

describe('documents outside of releases/<environment>/', () => {
  const files = {
    'namespaces/dev.yaml': namespace('dev'),
    'namespaces/prod.yaml': namespace('prod'),
    'namespaces/monitoring.yaml': namespace('monitoring'),
    'namespaces/secret.yaml': { text: configMapText('shared') },
  }

  it('are applied where the environments they concern act, everybody’s once all of them do', async () => {
    worker.deps.settings.defaultMode = 'observe'
    await start(files)
    expect(worker.cluster.applied).toEqual([])
    worker.deps.memory.modes = { dev: 'act' }
    worker.deps.wakeups.wake('snapshot')
    await worker.settle()
    expect(worker.cluster.applied.toSorted()).toEqual([
      '<cluster>:namespace/dev',
      'dev:configmap/settings',
      'dev:configmap/shared',
      'dev:helmrelease/podinfo-dev',
    ])
    worker.cluster.applied.length = 0
    worker.deps.memory.modes = { dev: 'act', prod: 'act' }
    worker.deps.wakeups.wake('snapshot')
    await worker.settle()
    expect(worker.cluster.applied.toSorted()).toEqual([
      '<cluster>:namespace/monitoring',
      '<cluster>:namespace/prod',
      'prod:configmap/settings',
      'prod:helmrelease/podinfo-prod',
    ])
  })
})

describe('wheelhouse.yaml', () => {
  it('says which directories are read', async () => {
    await start({
      ...config('paths: [apps/, releases/prod]'),
      'apps/one.yaml': { text: configMapText('one') },
    })
    expect(worker.cluster.applied.toSorted()).toEqual([
      'dev:configmap/one',
      'prod:configmap/settings',
      'prod:helmrelease/podinfo-prod',
    ])
  })

  it('orders the environments of the matrix', async () => {
    await start(config('environments: [prod, dev]'))
    const shown = { branch: 'main', clusterName: 'default', defaultMode: 'act' as const }
    const caller = { kind: 'person' as const, id: '1', email: 'a@b.c', name: 'A', roles: { '*': 'viewer' as const } }
    const matrix = await getMatrix({ store: worker.store, shown } as never, caller as never)
    expect(matrix.environments.map(({ name }) => name)).toEqual(['prod', 'dev'])
  })

  const broken = { 'wheelhouse.yaml': { text: 'stop: [' } }

  it('stays in force as it was while it cannot be read, also over a restart', async () => {
    await start(config('deletion: off', 'environments: [{name: prod, stop: audit}]'))
    await worker.origin.push({ ...broken, [prod]: prodText(2) })
    await worker.fetch()
    await worker.restart()
    expect(worker.deps.memory.config.deletion.default).toBe('off')
    await worker.origin.push({ [prod]: prodText(3) })
    await worker.fetch()
    expect(worker.helm.calls).toEqual(['install podinfo-dev'])
    expect(worker.release('podinfo-prod').reason).toContain('Stopped: audit.')
    await worker.origin.push(config('deletion: on'))
    await worker.fetch()
    expect(worker.helm.calls).toEqual(['install podinfo-dev', 'install podinfo-prod'])
  })

  it('stops everything where it cannot be read and nothing is known of it', async () => {
    await start(broken)
    expect(worker.cluster.applied).toEqual([])
    expect(worker.helm.calls).toEqual([])
    await worker.origin.push({ 'wheelhouse.yaml': { removed: true } })
    await worker.fetch()
    expect(worker.helm.calls).toEqual(['install podinfo-dev', 'install podinfo-prod'])
  })
})

describe('a stop', () => {
  const lift = { 'wheelhouse.yaml': { removed: true } } satisfies Record<string, Change>
  const changes = {
    [dev]: devText(2),
    [prod]: prodText(2),
    'releases/dev/settings.yaml': { text: `${configMapText('settings')}data: {a: b}\n` },
    'releases/prod/settings.yaml': { text: `${configMapText('settings', 'prod')}data: {a: b}\n` },
  }
  const applied = () => worker.cluster.applied.filter((id) => id.includes('settings'))

  const rows: [label: string, config: Record<string, Change>, helm: string[], applied: string[]][] = [
    ['of everything', config('stop: fire'), [], []],
    [
      'of one environment',
      config('environments: [{name: prod, stop: fire}]'),
      ['upgrade podinfo-dev'],
      ['dev:configmap/settings'],
    ],
  ]
  it.each(rows)('%s: no helm and no apply there until it is lifted', async (_label, stop, helm, wanted) => {
    await start()
    worker.helm.calls.length = 0
    worker.cluster.applied.length = 0
    await worker.origin.push({ ...stop, ...changes })
    await worker.fetch()
    expect(worker.helm.calls).toEqual(helm)
    expect(applied()).toEqual(wanted)
    await worker.origin.push(lift)
    await worker.fetch()
    expect(worker.helm.calls.toSorted()).toEqual(['upgrade podinfo-dev', 'upgrade podinfo-prod'])
    expect(applied().toSorted()).toEqual(['dev:configmap/settings', 'prod:configmap/settings'])
  })

  const lock = async (name: string) => {
    const actor = { id: '1', email: 'ada@example.test', name: 'Ada', roles: { '*': 'admin' as const } }
    const command = { id: worker.deps.newId('cmd'), name: 'lock-release', actor, createdAt: worker.clock.time }
    const input = { release: worker.release(name).id, message: 'noon' }
    await worker.store.enqueueCommand({ ...command, input })
    await executeCommand(worker.deps, { ...command, input, state: { kind: 'queued' } })
    return (await worker.store.getCommand(command.id))?.state
  }

  it('lets no commit be asked for, and one that was asked for before waits', async () => {
    await start()
    expect(await lock('podinfo-prod')).toMatchObject({ kind: 'done' })
    // Pushed by somebody else: the writer finds it at the head, before the next fetch has told of it.
    const stopped = await worker.origin.push(config('environments: [{name: prod, stop: fire}]'))
    await worker.settle()
    expect(await worker.origin.head()).toBe(stopped)
    await worker.fetch()
    expect(await lock('podinfo-prod')).toMatchObject({ kind: 'failed', message: 'prod is stopped: fire' })
    expect(await lock('podinfo-dev')).toMatchObject({ kind: 'done' })
    await worker.settle()
    await worker.origin.pull()
    expect(await worker.origin.git(['show', '--format=', '--name-only', 'HEAD'])).toBe(dev)
    await worker.origin.push(lift)
    await worker.fetch()
    await worker.origin.pull()
    expect(await worker.origin.git(['show', '--format=', '--name-only', 'HEAD'])).toBe(prod)
  })
})

describe('a hold in wheelhouse.yaml', () => {
  it.each([
    ['on an environment', config('environments: [{name: prod, hold: {user: ada, message: freeze}}]')],
    ['on an application', config('applications: {podinfo: {hold: {message: freeze}}}')],
  ])('%s is a lock on its releases', async (_label, hold) => {
    await start()
    await worker.origin.push({ ...hold, 'charts/podinfo/values.yaml': { text: 'replicaCount: 5\n' } })
    await worker.fetch()
    expect(worker.release('podinfo-prod').lock?.message).toContain('freeze (wheelhouse.yaml holds')
    expect(worker.release('podinfo-prod').reason).toContain('Held')
    expect(worker.helm.calls).not.toContain('upgrade podinfo-prod')
    await worker.origin.push({ 'wheelhouse.yaml': { removed: true } })
    await worker.fetch()
    expect(worker.helm.calls).toContain('upgrade podinfo-prod')
  })
})

describe('fluxcd.io/ignore on a plain document', () => {
  const ignoring = (key: string, value: string) => ({
    'releases/dev/settings.yaml': { text: `${configMapText('settings')}  annotations: {${key}: "${value}"}\n` },
  })
  it.each([
    ['fluxcd.io/ignore', 'true', false],
    ['flux.weave.works/ignore', 'true', false],
    ['fluxcd.io/ignore', 'sync_only', true],
    ['fluxcd.io/ignore', 'false', true],
  ])('%s: %s: applied is %s', async (key, value, isApplied) => {
    await start(ignoring(key, value))
    expect(worker.cluster.applied.includes('dev:configmap/settings')).toBe(isApplied)
  })
})

describe('applying, in the audit trail', () => {
  it('has one intent and one outcome for a commit', async () => {
    await start()
    expect(await intents()).toEqual(['apply.intent apply.done'])
    await worker.origin.push({ 'README.md': { text: 'nothing to apply' } })
    await worker.fetch()
    expect(await intents()).toHaveLength(1)
  })

  it('tells what failed, and nothing of tries that change nothing', async () => {
    worker.cluster.unappliable.add('dev:configmap/settings')
    await start()
    for (let round = 0; round < 3; round++) {
      worker.deps.wakeups.wake('apply')
      await worker.settle()
    }
    expect(await intents()).toEqual(['apply.intent apply.failed', 'apply.intent'])
    worker.cluster.unappliable.clear()
    worker.deps.wakeups.wake('apply')
    await worker.settle()
    expect(await intents()).toEqual(['apply.intent apply.failed', 'apply.intent apply.done'])
  })

  it('closes the intent of a worker that died, and applies again under another', async () => {
    await start()
    await worker.origin.push({ 'releases/dev/settings.yaml': { text: `${configMapText('settings')}data: {a: b}\n` } })
    const { cluster } = worker.deps
    worker.deps.cluster = { ...cluster, apply: () => Promise.reject(new Error('killed')) }
    await expect(worker.fetch()).rejects.toThrow('killed')
    expect(await intents()).toEqual(['apply.intent apply.done', 'apply.intent'])
    await worker.restart()
    await worker.fetch()
    expect(await intents()).toEqual([
      'apply.intent apply.done',
      'apply.intent apply.interrupted',
      'apply.intent apply.done',
    ])
  })
})
