import { Fault } from '#lib/core/fault/index.ts'
import { readyCondition } from '#lib/core/release/index.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'cluster' | 'memory' | 'lease' | 'log' | 'clock'>

/** Writes what the worker knows into the custom resource's status, for `kubectl get wheelhouse -A`. Best effort. */
export async function projectStatus(deps: Deps, id: string): Promise<void> {
  const record = deps.memory.releases.get(id)
  const inventory = record && deps.memory.inventory.get(`${record.namespace}:helmrelease/${record.name}`)
  if (!record || !inventory || inventory.problem || inventory.digest === '' || record.mode === 'observe') return
  const status = {
    releaseName: record.releaseName,
    phase: record.phase,
    revision: record.revision === undefined ? '' : String(record.revision),
    message: record.reason,
    health: record.health,
    conditions: [readyCondition(record)],
  }
  const known = deps.memory.projected.get(id)
  const text = JSON.stringify(status)
  if (known === `${inventory.uid} ${text}`) return
  deps.lease.assertHeld()
  try {
    await deps.cluster.patch(
      { apiVersion: inventory.apiVersion, kind: inventory.kind, namespace: record.namespace, name: record.name },
      { status },
      { subresource: 'status', fieldManager: 'wheelhouse' },
    )
  } catch (error) {
    // Deleted by hand: the apply loop brings it back and this is woken again.
    if (error instanceof Fault && error.code === 'not-found') return
    throw error
  }
  deps.memory.projected.set(id, `${inventory.uid} ${text}`)
}
