import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { KubeObject } from '#lib/core/manifest/index.ts'
import { helmKey } from '#lib/operations/work/deps.ts'
import { projectStatus } from '#lib/operations/work/project-status.ts'
import { updateHealth } from '#lib/operations/work/update-health.ts'
import { watchCluster, type ClusterWatch } from '#lib/operations/work/watch-cluster.ts'
import { chartFiles, configMapText, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest
let watch: ClusterWatch

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const namespace = { apiVersion: 'v1', kind: 'Namespace' }
const helmRelease = { apiVersion: 'helm.fluxcd.io/v1', kind: 'HelmRelease' }
const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }
const ids = {
  namespace: '<cluster>:namespace/dev',
  release: 'dev:helmrelease/podinfo-dev',
  sealed: 'dev:sealedsecret/a',
  settings: 'dev:configmap/settings',
  definition: '<cluster>:customresourcedefinition/sealedsecrets.bitnami.com',
}
const document = ({ apiVersion, kind }: typeof namespace, name: string, more = '') => ({
  text: `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}`,
})

/** Everything is applied and watched. */
beforeEach(async () => {
  worker = await startWorkerInTest(await database.fresh())
  await worker.origin.push({
    ...chartFiles,
    'namespaces/dev.yaml': document(namespace, 'dev'),
    'namespaces/sealed-secrets.yaml': document(definition, 'sealedsecrets.bitnami.com'),
    'releases/dev/podinfo.yaml': { text: releaseText() },
    'releases/dev/settings.yaml': { text: configMapText('settings') },
    'releases/dev/secret.yaml': document(
      { apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret' },
      'a',
      '  namespace: dev\n',
    ),
  })
  await worker.fetch()
  follow()
  return () => worker.close()
})

function follow() {
  worker.cluster.applied.length = 0
  watch = watchCluster(worker.deps, () => undefined)
}

/** What was applied once everything that was told has had its consequences. */
async function reapplied(): Promise<string[]> {
  await setImmediate()
  await worker.settle()
  return worker.cluster.applied.toSorted()
}

const vanish = (...gone: string[]) => gone.map((id) => worker.cluster.objects.delete(id))
const held = (id: string) => worker.cluster.objects.get(id) as KubeObject

const inNamespace = [ids.settings, ids.release, ids.sealed]

it('everything is applied once', () => {
  expect([...worker.deps.memory.inventory.keys()].toSorted()).toEqual(Object.values(ids).toSorted())
})

describe('what was deleted while the worker was down', () => {
  const rows: [label: string, gone: string[], kind: typeof namespace, again: string[]][] = [
    ['a release comes back', [ids.release], helmRelease, [ids.release]],
    ['a namespace with all in it', [ids.namespace, ...inNamespace], namespace, [ids.namespace, ...inNamespace]],
    ['a definition', [ids.definition], definition, [ids.definition]],
    ['nothing, where nothing is missing: releases', [], helmRelease, []],
    ['nothing, where nothing is missing: definitions', [], definition, []],
  ]
  it.each(rows)('%s', async (_label, gone, kind, again) => {
    watch.stop()
    await worker.restart()
    follow()
    vanish(...gone)
    worker.cluster.sync(kind)
    await worker.fetch()
    expect(await reapplied()).toEqual(again.toSorted())
  })

  it('a release that somebody made anew is ours again', async () => {
    vanish(ids.release)
    worker.cluster.put({ ...helmRelease, metadata: { name: 'podinfo-dev', namespace: 'dev' } })
    worker.cluster.sync(helmRelease)
    expect(await reapplied()).toEqual([ids.release])
  })

  it('resources whose kind went come back with it', async () => {
    vanish(ids.sealed)
    worker.cluster.unknownKinds.add('SealedSecret')
    worker.cluster.sync(definition)
    expect(await reapplied()).toEqual([])
    worker.cluster.unknownKinds.clear()
    worker.cluster.emit({ kind: 'set', object: held(ids.definition) })
    expect(await reapplied()).toEqual([ids.sealed])
  })
})

describe('what is deleted by hand', () => {
  const rows: [label: string, object: KubeObject, again: string[]][] = [
    ['a release', { ...helmRelease, metadata: { name: 'podinfo-dev', namespace: 'dev' } }, [ids.release]],
    ['a namespace', { ...namespace, metadata: { name: 'dev' } }, [ids.namespace, ...inNamespace]],
    [
      'a definition of others',
      { ...definition, metadata: { name: 'sealedsecrets.bitnami.com' } },
      [ids.definition, ids.sealed],
    ],
    [
      'the definition of releases',
      { ...definition, metadata: { name: 'helmreleases.helm.fluxcd.io' } },
      [
        '<cluster>:customresourcedefinition/helmreleases.flux.weave.works',
        '<cluster>:customresourcedefinition/helmreleases.helm.fluxcd.io',
        '<cluster>:customresourcedefinition/helmreleases.helm.toolkit.fluxcd.io',
        ids.release,
      ],
    ],
  ]
  it.each(rows)('%s comes back, with what went along', async (_label, object, again) => {
    worker.cluster.emit({ kind: 'deleted', object })
    expect(await reapplied()).toEqual(again.toSorted())
    expect(worker.helm.calls).toEqual(['install podinfo-dev'])
  })

  it('not so an older object of the same name', async () => {
    worker.cluster.emit({
      kind: 'deleted',
      object: { ...helmRelease, metadata: { name: 'podinfo-dev', namespace: 'dev', uid: 'older' } },
    })
    expect(await reapplied()).toEqual([])
  })
})

describe('a StatefulSet that says nothing', () => {
  it('becomes stuck when patience ends, and its release is not ready', async () => {
    const { memory, clock } = worker.deps
    const { id } = worker.release('podinfo-dev')
    const status = {
      kind: 'StatefulSet' as const,
      namespace: 'dev',
      name: 'db',
      outdated: false,
      desired: 2,
      updated: 1,
      available: 1,
      total: 2,
      paused: false,
      changedAt: clock.now(),
      pods: [],
    }
    memory.workloads.set(helmKey('dev', 'podinfo-dev'), new Map([['StatefulSet/db', { status, selector: {} }]]))
    const again = await updateHealth(worker.deps, id)
    await projectStatus(worker.deps, id)
    expect(worker.release('podinfo-dev').health).toBe('progressing')
    expect(ready()).toMatchObject({ status: 'True' })
    worker.clock.time = again ?? Number.NaN
    expect(await updateHealth(worker.deps, id)).toBeUndefined()
    await projectStatus(worker.deps, id)
    expect(worker.release('podinfo-dev').health).toBe('stuck')
    expect(ready()).toMatchObject({ status: 'False', reason: 'Stuck' })
  })

  const ready = () => (held(ids.release).status as { conditions: unknown[] }).conditions[0]
})
