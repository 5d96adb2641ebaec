import { Fault } from '#lib/core/fault/index.ts'
import { clusterNamespace, parseObjectId } from '#lib/core/manifest/index.ts'
import type { DeletionRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'cluster' | 'clock' | 'settings' | 'memory' | 'lease' | 'wakeups'>

/**
 * Deletes plain objects that were consented to, bound to the uid that was seen. Releases are left to the release loop,
 * which uninstalls with Helm first. One that the cluster refuses is an alert and holds up nothing else. Returns how many
 * are to be tried again.
 */
export async function deleteConsented(deps: Deps): Promise<number> {
  let refused = 0
  for (const deletion of await deps.store.listDeletions(['consented'])) {
    if (deletion.release) deps.wakeups.wake('release', deletion.release)
    else if (!(await tryDeletion(deps, deletion))) refused += 1
  }
  return refused
}

async function tryDeletion(deps: Deps, deletion: DeletionRecord): Promise<boolean> {
  const key = `deletion-refused:${deletion.id}`
  try {
    await deleteObject(deps, deletion)
    await deps.store.recoverAlert(key, deps.clock.now())
    return true
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'cluster-unreachable') throw error
    await deps.store.openAlert(
      {
        key,
        kind: 'deletion-refused',
        severity: 'warning',
        environment: deletion.environment,
        title: `${deletion.object} cannot be deleted`,
        detail: error.message,
        nextStep: error.suggestion ?? 'Give Wheelhouse the right to delete it, or delete it with kubectl.',
      },
      deps.clock.now(),
    )
    return false
  }
}

/** Deletes the object of a deletion and closes it. Already gone, or replaced by another object, is done too. */
export async function deleteObject(deps: Deps, deletion: DeletionRecord): Promise<void> {
  const inventory = deps.memory.inventory.get(deletion.object)
  const named = parseObjectId(deletion.object)
  if (inventory && named) {
    deps.lease.assertHeld()
    await deps.cluster.delete(
      {
        apiVersion: inventory.apiVersion,
        kind: inventory.kind,
        name: named.name,
        ...(named.namespace === clusterNamespace ? {} : { namespace: named.namespace }),
      },
      { uid: deletion.uid || undefined, propagation: 'Background' },
    )
  }
  deps.memory.inventory.delete(deletion.object)
  await deps.store.transaction(async (store) => {
    await store.removeInventory(deps.settings.clusterName, [deletion.object])
    await store.saveDeletion({ ...deletion, state: 'done' })
    await store.record([
      {
        at: deps.clock.now(),
        kind: 'deletion.done',
        actor: deletion.decidedBy ?? 'policy',
        subject: deletion.object,
        environment: deletion.environment,
        release: deletion.release,
        commit: deletion.commit,
        data: { deletion: deletion.id },
      },
    ])
  })
}

/** The resource was deleted with kubectl after its document had left Git: that is a person's consent (§9.19). */
export async function consentByHand(
  deps: Pick<WorkerDeps, 'store' | 'clock' | 'wakeups' | 'log'>,
  record: ReleaseRecord,
): Promise<void> {
  const open = await deps.store.listDeletions(['waiting'])
  const deletion = open.find((candidate) => candidate.release === record.id)
  if (!deletion) return
  await deps.store.transaction(async (store) => {
    await store.saveDeletion({ ...deletion, state: 'consented', decidedBy: 'kubectl', decidedAt: deps.clock.now() })
    await store.record([
      {
        at: deps.clock.now(),
        kind: 'deletion.consented',
        actor: 'cluster',
        subject: deletion.object,
        environment: deletion.environment,
        release: record.id,
        commit: deletion.commit,
        reason: 'The resource was deleted in the cluster after its document left Git.',
        data: { deletion: deletion.id },
      },
    ])
  })
  deps.wakeups.wake('release', record.id)
}
