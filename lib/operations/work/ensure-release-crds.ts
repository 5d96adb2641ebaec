import { releaseCrds } from '#lib/core/crd/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { objectId, type KubeObject, type ObjectId } from '#lib/core/manifest/index.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'cluster' | 'log' | 'lease' | 'memory'>

/**
 * The HelmRelease definitions the cluster does not have. One that is there already belongs to whoever brought it (Flux,
 * Helm Operator) unless Wheelhouse manages it, and is not touched.
 */
export async function missingReleaseCrds(deps: Pick<Deps, 'cluster' | 'memory'>): Promise<KubeObject[]> {
  if (deps.memory.crdsReady) return []
  const missing: KubeObject[] = []
  for (const crd of releaseCrds())
    if (!(await deps.cluster.get({ apiVersion: crd.apiVersion, kind: crd.kind, name: crd.metadata.name })))
      missing.push(crd)
  return missing
}

/** Creates them one by one; one that the server refuses stops none of the others. Returns those. */
export async function createReleaseCrds(
  deps: Deps,
  missing: readonly KubeObject[],
): Promise<{ id: ObjectId; message: string }[]> {
  const refused: { id: ObjectId; message: string }[] = []
  for (const crd of missing) {
    deps.lease.assertHeld()
    try {
      await deps.cluster.apply(crd, { fieldManager: 'wheelhouse', force: false })
      deps.log.info('created definition', { crd: crd.metadata.name })
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      refused.push({ id: objectId(crd), message: error.message })
    }
  }
  if (refused.length === 0) deps.memory.crdsReady = true
  return refused
}
