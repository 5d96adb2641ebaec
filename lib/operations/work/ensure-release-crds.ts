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
  // Set before looking: the watch takes it back when one of them is deleted meanwhile, and that must not be lost.
  deps.memory.crdsReady = true
  const missing: KubeObject[] = []
  try {
    for (const crd of releaseCrds()) {
      const live = await deps.cluster.get({ apiVersion: crd.apiVersion, kind: crd.kind, name: crd.metadata.name })
      if (!live) missing.push(crd)
      // On its way out it can be neither used nor replaced, and what is missing has yet to be made: looked at again.
      if (live?.metadata.deletionTimestamp !== undefined || !live) deps.memory.crdsReady = false
    }
  } catch (error) {
    deps.memory.crdsReady = false
    throw error
  }
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
  return refused
}
