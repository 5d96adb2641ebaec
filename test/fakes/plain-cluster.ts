import { Fault } from '#lib/core/fault/index.ts'
import { objectId, type KubeObject } from '#lib/core/manifest/index.ts'
import type { Cluster, KindRef, ObjectRef, WatchEvent } from '#lib/ports/cluster.ts'

/** Objects in memory and nothing else: a watch says what `emit` and `sync` tell it, every kind is known unless said otherwise. */
export interface PlainCluster extends Cluster {
  /** While true nobody answers. */
  gone: boolean
  /** Object ids whose deletion is refused, as by a missing right. */
  readonly undeletable: Set<string>
  /** Object ids that are refused when applied. */
  readonly unappliable: Set<string>
  /** Kinds whose definition is not there. */
  readonly unknownKinds: Set<string>
  /** Object ids, in the order of the calls. */
  readonly applied: string[]
  readonly deleted: string[]
  /** By object id. */
  readonly objects: Map<string, KubeObject>
  /** As somebody else would, whoever answers or not. */
  put(object: KubeObject): void
  /** As the reflector of the kind would report one change. */
  emit(event: WatchEvent<KubeObject>): void
  /** As the reflector of the kind would after a complete list of what is there. */
  sync(kind: KindRef): void
}

interface HeldWatch {
  kind: KindRef
  tell(event: WatchEvent<KubeObject>): void
  list(objects: readonly KubeObject[]): void
}

export function createPlainCluster(): PlainCluster {
  const objects = new Map<string, KubeObject>()
  let uids = 0
  const reach = () => {
    if (cluster.gone) throw new Fault('cluster-unreachable', 'The API server does not answer.', { retryable: true })
  }
  const idOf = ({ kind, namespace, name }: ObjectRef) => objectId({ kind, metadata: { name, namespace } })
  const put = (id: string, object: KubeObject): KubeObject => {
    const uid = objects.get(id)?.metadata.uid ?? `uid-${(uids += 1)}`
    const stored = { ...object, metadata: { ...object.metadata, uid } }
    objects.set(id, stored)
    return stored
  }
  const listed = (kind: KindRef, options: { namespace?: string; labelSelector?: string } = {}) =>
    [...objects.values()].filter(
      (object) =>
        object.kind === kind.kind &&
        (options.namespace ?? object.metadata.namespace) === object.metadata.namespace &&
        matches(object, options.labelSelector ?? ''),
    )
  const watches = new Set<HeldWatch>()
  const watchesOf = ({ apiVersion, kind }: KindRef) =>
    [...watches].filter((watch) => watch.kind.apiVersion === apiVersion && watch.kind.kind === kind)
  const cluster: PlainCluster = {
    gone: false,
    undeletable: new Set(),
    unappliable: new Set(),
    unknownKinds: new Set(),
    applied: [],
    deleted: [],
    objects,
    put: (object) => void put(objectId(object), object),
    server: () => Promise.resolve('https://cluster.example.test'),
    user: async () => (reach(), 'wheelhouse'),
    version: async () => 'v1.36.3',
    get: async (ref) => (reach(), objects.get(idOf(ref))),
    list: async (kind, options) => (reach(), listed(kind, options)),
    listMetadata: async (kind, options) => (reach(), listed(kind, options)),
    async apply(object) {
      reach()
      const id = objectId(object)
      if (cluster.unknownKinds.has(object.kind)) throw new Fault('not-found', `There is no kind ${object.kind}.`)
      if (cluster.unappliable.has(id)) throw new Fault('cluster-refused', `You may not apply ${id}.`)
      cluster.applied.push(id)
      return put(id, object)
    },
    async patch(ref, patch) {
      reach()
      return put(idOf(ref), merged(objects.get(idOf(ref)), patch) as KubeObject)
    },
    async delete(ref) {
      reach()
      const id = idOf(ref)
      if (cluster.undeletable.has(id)) throw new Fault('cluster-refused', `You may not delete ${id}.`)
      cluster.deleted.push(id)
      return objects.delete(id)
    },
    async resource(_apiVersion, kind) {
      reach()
      return cluster.unknownKinds.has(kind) ? undefined : { plural: `${kind.toLowerCase()}s`, namespaced: true }
    },
    watch(request) {
      const { compact = (object: KubeObject) => object } = request
      const watch: HeldWatch = {
        kind: request,
        tell: ({ kind, object }) => request.onEvent({ kind, object: compact(object) as never }),
        list: (found) => request.onSynced?.(found.map((object) => compact(object) as never)),
      }
      watches.add(watch)
      return { synced: new Promise<void>(() => {}), stop: () => void watches.delete(watch) }
    },
    emit(event) {
      for (const watch of watchesOf(event.object)) watch.tell(event)
    },
    sync(kind) {
      for (const watch of watchesOf(kind)) watch.list(listed(kind))
    },
    canI: async () => true,
  }
  return cluster
}

/** A JSON merge patch (RFC 7396). */
function merged(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch
  const result: Record<string, unknown> = isMap(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) result[key] = merged(result[key], value)
  return result
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** Equality selectors only: `a=b,c=d`. */
function matches(object: KubeObject, selector: string): boolean {
  return selector
    .split(',')
    .filter(Boolean)
    .every((term) => {
      const [key = '', value] = term.split('=')
      return object.metadata.labels?.[key] === value
    })
}
