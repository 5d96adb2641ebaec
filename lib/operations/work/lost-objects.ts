import { clusterNamespace, parseObjectId, type KubeObject, type ObjectId } from '#lib/core/manifest/index.ts'
import type { KindRef } from '#lib/ports/cluster.ts'
import type { InventoryRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'memory' | 'wakeups'>

/** What vanished from the cluster is applied again, if Git wants it: the inventory forgets with what content it was there. */
function forget(deps: Deps, isLost: (entry: InventoryRecord) => boolean) {
  const { inventory } = deps.memory
  const lost = [...inventory.values()].filter((entry) => entry.digest !== '' && isLost(entry))
  for (const entry of lost) inventory.set(entry.object, { ...entry, digest: '' })
  if (lost.length > 0) deps.wakeups.wake('apply')
}

const isOther = (known: string, seen: string | undefined) => known !== '' && seen !== undefined && known !== seen

/** One object was deleted; another of its name that was applied since is there. */
export function forgetObject(deps: Deps, id: ObjectId, { metadata: { uid } }: KubeObject): void {
  forget(deps, (entry) => entry.object === id && !isOther(entry.uid, uid))
}

/** `present` = all there is of a kind: what is not among it, or is another object by now, was deleted meanwhile. */
export function forgetMissing(
  deps: Deps,
  { apiVersion, kind }: KindRef,
  present: ReadonlyMap<ObjectId, KubeObject>,
): void {
  forget(deps, (entry) => {
    if (entry.apiVersion !== apiVersion || entry.kind !== kind) return false
    const object = present.get(entry.object)
    return !object || isOther(entry.uid, object.metadata.uid)
  })
}

/** A namespace takes along what stands in it. */
export function forgetWithin(deps: Deps, isGone: (namespace: string) => boolean): void {
  forget(deps, ({ object }) => {
    const { namespace = clusterNamespace } = parseObjectId(object) ?? {}
    return namespace !== clusterNamespace && isGone(namespace)
  })
}

const groupOf = (apiVersion: string) => apiVersion.slice(0, Math.max(0, apiVersion.indexOf('/')))

/** A definition takes along its resources; those of its group's other kinds are merely applied once more. */
export function forgetGroup(deps: Deps, group: string): void {
  forget(deps, (entry) => groupOf(entry.apiVersion) === group)
}

/** What the server does not know the kind of any more: its definition was deleted while nobody watched. */
export async function forgetUnknownKinds(deps: Deps & Pick<WorkerDeps, 'cluster'>): Promise<void> {
  const kinds = Map.groupBy(deps.memory.inventory.values(), ({ apiVersion, kind }) => `${apiVersion} ${kind}`)
  const unknown = new Set<string>()
  for (const [key, [entry]] of kinds)
    if (
      entry &&
      groupOf(entry.apiVersion).includes('.') &&
      !(await deps.cluster.resource(entry.apiVersion, entry.kind))
    )
      unknown.add(key)
  forget(deps, ({ apiVersion, kind }) => unknown.has(`${apiVersion} ${kind}`))
}
