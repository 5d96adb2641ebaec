import { releaseCrds } from '#lib/core/crd/index.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'cluster' | 'log' | 'lease' | 'memory'>

/**
 * Creates the HelmRelease definitions the cluster does not have. One that is there already belongs to whoever brought
 * it (Flux, Helm Operator) unless Wheelhouse manages it, and is not touched.
 */
export async function ensureReleaseCrds(deps: Deps): Promise<void> {
  if (deps.memory.crdsReady) return
  for (const crd of releaseCrds()) {
    const live = await deps.cluster.get({ apiVersion: crd.apiVersion, kind: crd.kind, name: crd.metadata.name })
    if (live) continue
    deps.lease.assertHeld()
    await deps.cluster.apply(crd, { fieldManager: 'wheelhouse', force: false })
    deps.log.info('created definition', { crd: crd.metadata.name })
  }
  deps.memory.crdsReady = true
}
