import {
  helmLabels,
  readPodStatus,
  readWorkloadStatus,
  type HelmRevisionMeta,
  type HelmStatus,
} from '#lib/core/release/index.ts'
import { objectId, type KubeObject } from '#lib/core/manifest/index.ts'
import { releaseId } from '#lib/core/identity/index.ts'
import type { Watch, WatchState } from '#lib/ports/cluster.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import { consentByHand } from './delete-objects.ts'
import { forgetGroup, forgetMissing, forgetObject, forgetUnknownKinds, forgetWithin } from './lost-objects.ts'
import { helmKey, type SeenPod, type SeenWorkload, type WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'cluster' | 'memory' | 'wakeups' | 'settings' | 'log' | 'store' | 'clock'>

const workloadKinds = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'batch/v1', kind: 'Job' },
]
const releaseKinds = ['flux.weave.works/v1beta1', 'helm.fluxcd.io/v1', 'helm.toolkit.fluxcd.io/v2']

export interface ClusterWatch {
  /** Resolves when Helm history and namespaces are complete for the first time. */
  readonly ready: Promise<void>
  stop(): void
}

/**
 * Keeps the worker's picture of the cluster: Helm's release Secrets as metadata, namespaces, workloads, pods, and the
 * projected resources. Every change wakes the loop it concerns; nothing is polled.
 */
export function watchCluster(deps: Deps, onRevision: (key: string, revision: number) => void): ClusterWatch {
  const watches: Watch[] = []
  const history = watchHistory(deps, onRevision)
  const namespaces = watchNamespaces(deps)
  watches.push(history, namespaces, watchPods(deps), watchDefinitions(deps))
  for (const kind of workloadKinds) watches.push(watchWorkloads(deps, kind))
  for (const apiVersion of releaseKinds) watches.push(watchResources(deps, apiVersion))
  return {
    ready: Promise.all([history.synced, namespaces.synced]).then(() => {}),
    stop: () => watches.forEach((watch) => watch.stop()),
  }
}

function watchHistory(deps: Deps, onRevision: (key: string, revision: number) => void): Watch {
  const byKey = new Map<string, Map<number, HelmRevisionMeta>>()
  const publish = (key: string) => {
    const revisions = [...(byKey.get(key)?.values() ?? [])].sort((a, b) => b.revision - a.revision)
    deps.memory.history?.set(key, revisions)
    wakeRelease(deps, key)
  }
  return deps.cluster.watch<KubeObject>({
    apiVersion: 'v1',
    kind: 'Secret',
    labelSelector: 'owner=helm',
    metadataOnly: true,
    compact: compactSecret,
    onState(state) {
      noteState(deps, 'helm releases', state)
      const was = deps.memory.clusterAway
      deps.memory.clusterAway =
        state.kind === 'broken' ? { reason: state.reason, since: was?.since ?? deps.clock.now() } : undefined
      if ((was === undefined) !== (deps.memory.clusterAway === undefined)) deps.wakeups.wake('alert')
      if (was !== undefined && state.kind === 'live')
        for (const record of deps.memory.releases.values()) deps.wakeups.wake('release', record.id)
    },
    onEvent(event) {
      const labels = event.object.metadata.labels ?? {}
      const key = helmKey(event.object.metadata.namespace ?? '', labels.name ?? '')
      const revision = Number(labels.version)
      const revisions = byKey.get(key) ?? new Map<number, HelmRevisionMeta>()
      byKey.set(key, revisions)
      if (event.kind === 'deleted') revisions.delete(revision)
      else {
        revisions.set(revision, revisionMeta(revision, event.object))
        onRevision(key, revision)
      }
      publish(key)
    },
    onSynced() {
      if (deps.memory.history) return
      deps.memory.history = new Map(
        [...byKey].map(([key, revisions]) => [key, [...revisions.values()].sort((a, b) => b.revision - a.revision)]),
      )
      for (const record of deps.memory.releases.values()) deps.wakeups.wake('release', record.id)
    },
  })
}

function compactSecret(object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, labels, managedFields, creationTimestamp } = object.metadata
  const changed = managedFields
    ?.map((entry) => entry.time ?? '')
    .sort()
    .at(-1)
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { name, namespace, uid, resourceVersion, labels, creationTimestamp: changed ?? creationTimestamp },
  }
}

function revisionMeta(revision: number, object: KubeObject): HelmRevisionMeta {
  const labels = object.metadata.labels ?? {}
  return {
    revision,
    status: (labels.status as HelmStatus | undefined) ?? 'unknown',
    operation: labels[helmLabels.operation],
    attempt: labels[helmLabels.attempt],
    commit: labels[helmLabels.commit],
    inputs: labels[helmLabels.inputs],
    modifiedAt: labels.modifiedAt
      ? Number(labels.modifiedAt) * 1000
      : Date.parse(object.metadata.creationTimestamp ?? ''),
  }
}

/** The release behind a Helm name, if it is one of ours. */
function wakeRelease(deps: Deps, key: string) {
  const record = recordOf(deps, key)
  if (record && deps.memory.history) deps.wakeups.wake('release', record.id)
}

function recordOf(deps: Deps, key: string): ReleaseRecord | undefined {
  for (const record of deps.memory.releases.values())
    if (helmKey(record.storageNamespace, record.releaseName) === key) return record
  return undefined
}

function watchNamespaces(deps: Deps): Watch {
  return deps.cluster.watch<KubeObject>({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadataOnly: true,
    compact: ({ apiVersion, kind, metadata: { name, uid, deletionTimestamp } }) => ({
      apiVersion,
      kind,
      metadata: { name, uid, deletionTimestamp },
    }),
    onEvent(event) {
      const { name, deletionTimestamp } = event.object.metadata
      const there = event.kind === 'set' && deletionTimestamp === undefined
      if (there) deps.memory.namespaces?.add(name)
      else deps.memory.namespaces?.delete(name)
      if (there)
        for (const record of deps.memory.releases.values())
          if (record.targetNamespace === name || record.storageNamespace === name)
            deps.wakeups.wake('release', record.id)
      if (event.kind === 'deleted') {
        forgetObject(deps, objectId({ kind: 'Namespace', metadata: { name } }), event.object)
        forgetWithin(deps, (namespace) => namespace === name)
      }
    },
    onSynced(objects) {
      const present = new Map(objects.map((object) => [objectId({ ...object, kind: 'Namespace' }), object]))
      forgetMissing(deps, { apiVersion: 'v1', kind: 'Namespace' }, present)
      const names = new Set(objects.map((object) => object.metadata.name))
      forgetWithin(deps, (namespace) => !names.has(namespace))
      deps.memory.namespaces = new Set(
        objects.filter((object) => !object.metadata.deletionTimestamp).map((object) => object.metadata.name),
      )
      for (const record of deps.memory.releases.values()) deps.wakeups.wake('release', record.id)
    },
  })
}

function watchWorkloads(deps: Deps, kind: { apiVersion: string; kind: string }): Watch {
  return deps.cluster.watch<KubeObject & { seen: SeenWorkload | undefined; release: string }>({
    ...kind,
    compact: (object) => ({
      ...bare(object),
      seen: seenWorkload({ ...object, kind: kind.kind }),
      release: releaseKeyOf(object),
    }),
    onEvent(event) {
      const { seen, release } = event.object
      if (!seen || release === '') return
      const name = `${kind.kind}/${event.object.metadata.name}`
      setOrDelete(deps.memory.workloads, release, name, event.kind === 'set' ? seen : undefined)
      wakeHealth(deps, (record) => helmKey(record.targetNamespace, record.releaseName) === release)
    },
  })
}

function watchPods(deps: Deps): Watch {
  return deps.cluster.watch<KubeObject & { seen: SeenPod }>({
    apiVersion: 'v1',
    kind: 'Pod',
    compact: (object) => ({
      ...bare(object),
      seen: { status: readPodStatus(object), labels: object.metadata.labels ?? {} },
    }),
    onEvent(event) {
      const { name, namespace = '' } = event.object.metadata
      setOrDelete(deps.memory.pods, namespace, name, event.kind === 'set' ? event.object.seen : undefined)
      wakeHealth(deps, (record) => record.targetNamespace === namespace)
    },
  })
}

/** `<namespace>/<Helm release name>` from the annotations Helm writes; '' = not Helm's. */
function releaseKeyOf(object: KubeObject): string {
  const annotations = object.metadata.annotations ?? {}
  const name = annotations['meta.helm.sh/release-name']
  return name === undefined ? '' : helmKey(object.metadata.namespace ?? '', name)
}

function seenWorkload(object: KubeObject): SeenWorkload | undefined {
  const status = readWorkloadStatus(object, [])
  const selector = (object.spec as { selector?: { matchLabels?: Record<string, string> } } | undefined)?.selector
  return status && { status, selector: selector?.matchLabels ?? {} }
}

function bare(object: KubeObject) {
  const { name, namespace, uid, resourceVersion } = object.metadata
  return { apiVersion: object.apiVersion, kind: object.kind, metadata: { name, namespace, uid, resourceVersion } }
}

function setOrDelete<T>(outer: Map<string, Map<string, T>>, key: string, name: string, value: T | undefined) {
  const inner = outer.get(key) ?? new Map<string, T>()
  if (value === undefined) inner.delete(name)
  else inner.set(name, value)
  if (inner.size === 0) outer.delete(key)
  else outer.set(key, inner)
}

function wakeHealth(deps: Deps, concerns: (record: ReleaseRecord) => boolean) {
  for (const record of deps.memory.releases.values()) if (concerns(record)) deps.wakeups.wake('health', record.id)
}

const definitions = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }

/** A definition deleted by hand takes its resources along; both come back from Git, and no release is uninstalled. */
function watchDefinitions(deps: Deps): Watch {
  return deps.cluster.watch<KubeObject>({
    ...definitions,
    metadataOnly: true,
    compact: bare,
    onEvent(event) {
      const { name } = event.object.metadata
      if (event.kind === 'deleted') {
        if (name.startsWith('helmreleases.')) deps.memory.crdsReady = false
        forgetObject(deps, objectId({ kind: definitions.kind, metadata: { name } }), event.object)
        forgetGroup(deps, name.slice(name.indexOf('.') + 1))
      }
      retryFailed(deps)
    },
    onSynced(objects) {
      const present = objects.map((object) => [objectId({ ...object, kind: definitions.kind }), object] as const)
      forgetMissing(deps, definitions, new Map(present))
      forgetUnknownKinds(deps).catch((error: unknown) => {
        // The next list asks again; until then a kind that is gone fails when it is applied.
        deps.log.warn('kinds not asked for', { error: String(error) })
      })
    },
  })
}

/** Documents that failed for want of a kind are tried again when definitions change. */
function retryFailed(deps: Deps) {
  if ([...deps.memory.inventory.values()].some((entry) => entry.problem)) deps.wakeups.wake('apply')
}

function watchResources(deps: Deps, apiVersion: string): Watch {
  return deps.cluster.watch<KubeObject>({
    apiVersion,
    kind: 'HelmRelease',
    metadataOnly: true,
    compact: ({ apiVersion, kind, metadata: { name, namespace, uid, resourceVersion, labels } }) => ({
      apiVersion,
      kind: kind === 'PartialObjectMetadata' ? 'HelmRelease' : kind,
      metadata: { name, namespace, uid, resourceVersion, labels },
    }),
    onEvent(event) {
      if (event.kind !== 'deleted') return
      const { namespace = '', name } = event.object.metadata
      forgetObject(deps, objectId({ kind: 'HelmRelease', metadata: { name, namespace } }), event.object)
      const record = deps.memory.releases.get(releaseId(deps.settings.clusterName, namespace, name))
      // After its document left Git, deleting the resource by hand counts as consent (§9.19).
      if (record && !record.desired) void consentUnlessDefinitionGone(deps, record, apiVersion)
    },
    onSynced(objects) {
      const present = new Map(objects.map((object) => [objectId({ ...object, kind: 'HelmRelease' }), object]))
      forgetMissing(deps, { apiVersion, kind: 'HelmRelease' }, present)
    },
  })
}

/** Resources that go along with their definition were deleted by nobody (§9.19). */
async function consentUnlessDefinitionGone(deps: Deps, record: ReleaseRecord, apiVersion: string): Promise<void> {
  try {
    const definition = await deps.cluster.get({
      ...definitions,
      name: `helmreleases.${apiVersion.split('/')[0]}`,
    })
    if (definition && !definition.metadata.deletionTimestamp) await consentByHand(deps, record)
  } catch (error) {
    // Without consent the page goes on asking.
    deps.log.warn('deletion by hand not taken as consent', { release: record.id, error: String(error) })
  }
}

function noteState(deps: Deps, what: string, state: WatchState) {
  if (state.kind === 'broken') deps.log.warn('watch broken', { what, reason: state.reason, retryInMs: state.retryInMs })
  const fact =
    state.kind === 'live'
      ? { kind: 'live', since: state.since }
      : { kind: state.kind, ...('reason' in state ? { reason: state.reason } : {}) }
  void deps.store.setFact('cluster-watch', { ...fact, at: deps.clock.now() }).catch((error: unknown) => {
    deps.log.warn('fact not written', { error: String(error) })
  })
}
