import { Fault } from '#lib/core/fault/index.ts'
import { readyCondition } from '#lib/core/release/index.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'cluster' | 'memory' | 'lease' | 'log' | 'clock'>

/** Says on the live resource what Git does not know yet (§9.12). */
const emergencyHoldKey = 'wheelhouse.dev/emergency-hold'

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
  const hold = record.emergency && `${record.emergency.by}: ${record.emergency.reason}`
  const text = JSON.stringify({ ...status, hold })
  if (known === `${inventory.uid} ${text}`) return
  deps.lease.assertHeld()
  const object = {
    apiVersion: inventory.apiVersion,
    kind: inventory.kind,
    namespace: record.namespace,
    name: record.name,
  }
  try {
    await deps.cluster.patch(object, { status }, { subresource: 'status', fieldManager: 'wheelhouse' })
    if (hold !== undefined || known?.includes('"hold":'))
      await deps.cluster.patch(
        object,
        { metadata: { annotations: { [emergencyHoldKey]: hold ?? null } } },
        { fieldManager: 'wheelhouse' },
      )
  } catch (error) {
    // Deleted by hand: the apply loop brings it back and this is woken again.
    if (error instanceof Fault && error.code === 'not-found') return
    throw error
  }
  deps.memory.projected.set(id, `${inventory.uid} ${text}`)
}
