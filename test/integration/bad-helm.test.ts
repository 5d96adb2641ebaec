import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '#lib/core/fault/index.ts'
import type { HelmOutcome } from '#lib/ports/helm.ts'
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

const dev = 'releases/dev/podinfo.yaml'
const prod = 'releases/prod/podinfo.yaml'
const replicas = (count: number, more: Parameters<typeof releaseText>[0] = {}): Change => ({
  text: releaseText({ values: [`replicaCount: ${count}`], ...more }),
})
const ofProd = { name: 'podinfo-prod', namespace: 'prod' }

beforeEach(async () => {
  worker = await startWorkerInTest(await database.fresh())
  await worker.origin.push({ ...chartFiles, [dev]: replicas(1), [prod]: replicas(1, ofProd) })
  await worker.fetch()
  worker.helm.calls.length = 0
  return () => worker.close()
})

const failed = (message: string): HelmOutcome => ({ kind: 'failed', message })

/** Audit of one release's Helm runs, oldest first: every intent has exactly one outcome. */
async function trail(name: string): Promise<string[]> {
  await worker.store.chainAudit()
  const { items } = await worker.store.listAudit({ release: worker.release(name).id, limit: 500 })
  return items
    .toReversed()
    .filter(({ intent }) => intent !== undefined)
    .map(({ kind }) => kind)
}

const operations = async (name: string) =>
  (await worker.store.listOperations({ release: worker.release(name).id, limit: 20 })).map(({ state }) => state)

describe('a helm that ends badly', () => {
  it.each([
    ['fails', failed('UPGRADE FAILED: no luck')],
    ['hangs until it is ended', failed('helm hung and was ended: context deadline exceeded')],
    [
      'gets a chart that does not render',
      failed('template: podinfo/templates/x.yaml:1:3: function "nope" not defined'),
    ],
    ['fails in a hook', failed('pre-upgrade hooks failed: job failed')],
  ])('%s: the release says why, gives up, and others go on', async (_label, outcome) => {
    worker.helm.answers.push(outcome)
    await worker.origin.push({ [dev]: replicas(2), [prod]: replicas(2, ofProd) })
    await worker.fetch()
    expect(worker.helm.calls).toEqual(['upgrade podinfo-dev', 'upgrade podinfo-prod'])
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'failed', revision: 2 })
    expect(worker.release('podinfo-dev').reason).toContain(outcome.kind === 'failed' ? outcome.message : '')
    expect(worker.release('podinfo-prod')).toMatchObject({ phase: 'deployed', revision: 2 })
    expect(await trail('podinfo-dev')).toEqual(['install.intent', 'install.done', 'upgrade.intent', 'upgrade.failed'])
    expect(await operations('podinfo-dev')).toEqual(['failed', 'succeeded'])
  })

  it('fails and then does not: the next commit rolls forward', async () => {
    worker.helm.answers.push(failed('UPGRADE FAILED: no luck'))
    await worker.origin.push({ [dev]: replicas(2) })
    await worker.fetch()
    await worker.origin.push({ [dev]: replicas(3) })
    await worker.fetch()
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'deployed', revision: 3, problems: [] })
    expect(await operations('podinfo-dev')).toEqual(['succeeded', 'failed', 'succeeded'])
  })

  it('is tried again as often as the resource says, with growing pauses', async () => {
    const retrying = ['rollback: {retry: true, maxRetries: 2}']
    worker.helm.answers.push(...Array.from({ length: 3 }, () => failed('UPGRADE FAILED: no luck')))
    await worker.origin.push({ [dev]: replicas(2, { spec: retrying }) })
    await worker.fetch()
    const calls: number[] = []
    for (const pauseMs of [9_999, 1, 19_999, 1, 3_600_000]) {
      worker.clock.time += pauseMs
      worker.deps.wakeups.wake('release', worker.release('podinfo-dev').id)
      await worker.settle()
      calls.push(worker.helm.calls.length)
    }
    expect(calls).toEqual([1, 2, 2, 3, 3])
    expect(worker.release('podinfo-dev').reason).toContain('failed 3 times')
  })

  it('is killed: what it left pending is freed, and the release says so', async () => {
    worker.helm.answers.push(failed('helm was ended by a signal'))
    await worker.origin.push({ [dev]: replicas(2) })
    await worker.fetch()
    expect(worker.deps.memory.history?.get('dev/podinfo-dev')?.map(({ status }) => status)).toEqual([
      'failed',
      'deployed',
    ])
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'failed' })
    expect(worker.release('podinfo-dev').reason).toContain('helm was ended by a signal')
    await worker.origin.push({ [dev]: replicas(3) })
    await worker.fetch()
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'deployed', revision: 3 })
  })

  it('is killed with its worker: the next one frees the release and upgrades at once', async () => {
    worker.helm.answers.push('killed with its worker')
    await worker.origin.push({ [dev]: replicas(2) })
    await expect(worker.fetch()).rejects.toThrow('killed')
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'upgrading' })
    await worker.restart()
    await worker.fetch()
    expect(worker.helm.calls).toEqual(['upgrade podinfo-dev', 'upgrade podinfo-dev'])
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'deployed', revision: 3 })
    expect((await trail('podinfo-dev')).slice(2)).toEqual([
      'upgrade.intent',
      'upgrade.interrupted',
      'unlock.intent',
      'unlock.done',
      'upgrade.intent',
      'upgrade.done',
    ])
  })

  it('kills three workers: left alone until a person asks', async () => {
    await worker.origin.push({ [dev]: replicas(2) })
    for (let death = 0; death < 3; death += 1) {
      worker.helm.answers.push('killed with its worker')
      await expect(worker.fetch()).rejects.toThrow('killed')
      await worker.restart()
    }
    await worker.fetch()
    expect(worker.helm.calls).toEqual(Array(3).fill('upgrade podinfo-dev'))
    expect(worker.release('podinfo-dev').reason).toContain('death of their worker')
  })
})

describe('an API server that is gone for a minute', () => {
  const gone = () => new Fault('cluster-unreachable', 'Kubernetes cluster unreachable', { retryable: true })

  it('leaves no attempt behind: the upgrade is done once it is back', async () => {
    worker.helm.answers.push(gone(), gone())
    await worker.origin.push({ [dev]: replicas(2) })
    await expect(worker.fetch()).rejects.toMatchObject({ code: 'cluster-unreachable', retryable: true })
    for (const outcome of ['cluster-unreachable', undefined]) {
      worker.clock.time += 30_000
      worker.deps.wakeups.wake('release', worker.release('podinfo-dev').id)
      const error = await worker.settle().catch((reason: unknown) => reason)
      expect((error as Fault | undefined)?.code).toBe(outcome)
    }
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'deployed', revision: 2 })
    expect(await worker.store.openIntents()).toEqual([])
    expect((await trail('podinfo-dev')).slice(-2)).toEqual(['upgrade.intent', 'upgrade.done'])
  })

  it('applies nothing twice and deletes nothing; what waited is applied once it is back', async () => {
    await worker.origin.push({ 'releases/dev/settings.yaml': { text: configMapText('settings') } })
    worker.cluster.gone = true
    worker.cluster.applied.length = 0
    await worker.fetch()
    expect(worker.deps.memory.inventory.get('dev:configmap/settings')?.problem).toMatchObject({ code: 'apply-failed' })
    worker.cluster.gone = false
    worker.deps.wakeups.wake('apply')
    await worker.settle()
    expect(worker.cluster.applied).toEqual(['dev:configmap/settings'])
    expect(worker.cluster.deleted).toEqual([])
    expect(worker.deps.memory.inventory.get('dev:configmap/settings')?.problem).toBeUndefined()
  })

  it('makes a release with values in the cluster wait, not fail', async () => {
    const spec = ['valuesFrom: [{configMapKeyRef: {name: more}}]']
    worker.cluster.put({ ...JSON.parse(JSON.stringify(configMap)), data: { 'values.yaml': 'logLevel: debug' } })
    await worker.origin.push({ [dev]: replicas(2, { spec }) })
    worker.cluster.gone = true
    await expect(worker.fetch()).rejects.toMatchObject({ code: 'cluster-unreachable', retryable: true })
    worker.cluster.gone = false
    worker.deps.wakeups.wake('release', worker.release('podinfo-dev').id)
    await worker.settle()
    expect(worker.helm.requests.at(-1)?.values).toEqual({ logLevel: 'debug', replicaCount: 2 })
  })
})

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'more', namespace: 'dev' } }

describe('values from a source that are not a map', () => {
  it.each([
    ['a list', '- a\n'],
    ['text', 'hello\n'],
    ['invalid YAML', 'a: [\n'],
    ['an alias bomb', `a: &a [x,x]\nb: [${Array(200).fill('*a').join(',')}]\n`],
  ])('%s: blocks with the name of the source', async (_label, text) => {
    worker.cluster.put({ ...configMap, data: { 'values.yaml': text } })
    const spec = ['valuesFrom: [{configMapKeyRef: {name: more, optional: true}}]']
    await worker.origin.push({ [dev]: replicas(2, { spec }) })
    await worker.fetch()
    expect(worker.helm.calls).toEqual([])
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'blocked' })
    expect(worker.release('podinfo-dev').reason).toContain('configmap dev/more')
    worker.cluster.put({ ...configMap, data: { 'values.yaml': 'logLevel: debug\n' } })
    worker.deps.wakeups.wake('release', worker.release('podinfo-dev').id)
    await worker.settle()
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'deployed', problems: [] })
  })
})

describe('a deletion the cluster refuses', () => {
  it('does not keep other documents from being applied', async () => {
    const [gone, kept] = ['releases/dev/settings.yaml', 'releases/dev/other.yaml']
    await worker.origin.push({
      'wheelhouse.yaml': { text: 'deletion: on\n' },
      [gone]: { text: configMapText('settings') },
    })
    await worker.origin.push(
      Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [`releases/dev/c${i}.yaml`, { text: configMapText(`c${i}`) }]),
      ),
    )
    await worker.fetch()
    worker.cluster.undeletable.add('dev:configmap/settings')
    await worker.origin.push({ [gone]: { removed: true }, [kept]: { text: configMapText('other') } })
    await worker.fetch()
    expect(worker.cluster.applied).toContain('dev:configmap/other')
    expect(await worker.store.listDeletions(['consented'])).toHaveLength(1)
    expect((await worker.store.listAlerts({ open: true, limit: 5 })).map(({ kind }) => kind)).toEqual([
      'deletion-refused',
    ])
    worker.cluster.undeletable.clear()
    worker.deps.wakeups.wake('apply')
    await worker.settle()
    expect(worker.cluster.deleted).toEqual(['dev:configmap/settings'])
    expect(await worker.store.listAlerts({ open: true, limit: 5 })).toEqual([])
  })
})
