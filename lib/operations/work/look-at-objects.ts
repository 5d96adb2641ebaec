import type { KubeObject } from '#lib/core/manifest/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { DryRun } from '#lib/core/plan/index.ts'
import { decodeHelmRelease, type StoredRelease } from '#lib/core/release/index.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'cluster'>

/** Objects asked about at the same time; the API server's own fairness does the rest. */
const parallelReads = 6
/** Helm applies as this manager, on the server. */
const helmManager = 'helm'

/** Does the same for each of many, a few at a time. The answers are in no order. */
export async function inParallel<T, U>(items: readonly T[], look: (item: T) => Promise<U>): Promise<U[]> {
  const [queue, found]: [T[], U[]] = [[...items], []]
  const reader = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) found.push(await look(next))
  }
  await Promise.all(Array.from({ length: Math.min(parallelReads, queue.length) }, reader))
  return found
}

/** An object of a manifest that names no namespace is in the release's, if its kind has namespaces. */
export async function inItsNamespace(deps: Deps, object: KubeObject, namespace: string): Promise<KubeObject> {
  if (object.metadata.namespace !== undefined) return object
  const resource = await deps.cluster.resource(object.apiVersion, object.kind)
  if (resource?.namespaced === false) return object
  return { ...object, metadata: { ...object.metadata, namespace } }
}

/** undefined = the cluster has none. */
export function liveOf(deps: Deps, { apiVersion, kind, metadata: { name, namespace } }: KubeObject) {
  return deps.cluster.get({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) })
}

/** Asks the API server without effect. A conflict of field managers is tried again as Helm's will to win it. */
export async function tryOut(deps: Deps, object: KubeObject): Promise<DryRun> {
  const dry = (force: boolean) => deps.cluster.apply(object, { fieldManager: helmManager, force, dryRun: true })
  try {
    return { kind: 'accepted', object: await dry(false) }
  } catch (error) {
    if (!(error instanceof Fault) || error.retryable) throw error
    if (error.code !== 'conflict') return { kind: 'refused', message: error.message }
    return dry(true).then(
      (accepted): DryRun => ({ kind: 'accepted', object: accepted }),
      () => ({ kind: 'refused', message: error.message }),
    )
  }
}

/** A revision as Helm keeps it; undefined = it keeps it no more. */
export async function storedRevision(
  { cluster }: Deps,
  { storageNamespace, releaseName }: { storageNamespace: string; releaseName: string },
  revision: number,
): Promise<StoredRelease | undefined> {
  const secret = await cluster.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: storageNamespace,
    name: `sh.helm.release.v1.${releaseName}.v${revision}`,
  })
  return secret && decodeHelmRelease((secret.data as Record<string, string> | undefined)?.release ?? '')
}
