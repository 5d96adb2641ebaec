import type { WantedAlert } from '#lib/core/alert/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { clusterNamespace, isStillNeeded, parseObjectId, sortForDelete } from '#lib/core/manifest/index.ts'
import type { DeletionRecord, NewAudit, ReleaseRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { documentPlaces } from './document-place.ts'
import { settleAlerts } from './settle-alerts.ts'

type Deps = Pick<WorkerDeps, 'store' | 'cluster' | 'clock' | 'settings' | 'memory' | 'lease' | 'wakeups'>

/** Faults of ours or of the whole server: nothing about the object at hand. */
const everybodys: readonly Fault['code'][] = ['cluster-unreachable', 'database-unreachable', 'unavailable']

/**
 * Deletes plain objects that were consented to, bound to the uid that was seen: what was applied last goes first, and
 * nothing goes before what needs it in its namespace. Releases are left to the release loop, which uninstalls with Helm
 * first. Consent does not outweigh mode and stop. An object that the cluster refuses to delete is an alert and holds up
 * nothing else. Returns how many are to be tried again.
 */
export async function deleteConsented(deps: Deps): Promise<number> {
  const { snapshot } = deps.memory
  // Without a snapshot nothing is known of Git, and a document may be back.
  if (!snapshot) return 0
  const present = new Set(snapshot.documents.map(({ id }) => id))
  const placeOf = documentPlaces(deps)
  const consented = (await deps.store.listDeletions(['consented'])).map((deletion) => ({
    id: deletion.object,
    deletion,
  }))
  const remaining = new Set(consented.map(({ id }) => id))
  let refused = 0
  for (const { id, deletion } of sortForDelete(consented)) {
    const { mode, stopped } = placeOf({ id, path: deletion.path })
    if (present.has(id) || mode === 'observe' || stopped !== undefined) continue
    if (deletion.release) deps.wakeups.wake('release', deletion.release)
    else if (isStillNeeded(id, remaining)) continue
    else if (await tryDeletion(deps, deletion)) remaining.delete(id)
    else refused += 1
  }
  return refused
}

async function tryDeletion(deps: Deps, deletion: DeletionRecord): Promise<boolean> {
  const key = `deletion-refused:${deletion.id}`
  try {
    await deleteObject(deps, deletion)
    await settleAlerts(deps, key, { wanted: [], kept: [] })
    return true
  } catch (error) {
    if (!(error instanceof Fault) || everybodys.includes(error.code)) throw error
    await settleAlerts(deps, key, { wanted: [refusedAlert(key, deletion, error)], kept: [] })
    return false
  }
}

function refusedAlert(key: string, deletion: DeletionRecord, error: Fault): WantedAlert {
  return {
    key,
    kind: 'deletion-refused',
    severity: 'warning',
    environment: deletion.environment,
    title: `${deletion.object} cannot be deleted`,
    detail: error.message,
    nextStep: error.suggestion ?? 'Give Wheelhouse the right to delete it, or delete it with kubectl.',
  }
}

/** Intent and outcome of one deletion in the audit trail: a deletion that is tried again goes on under its intent. */
export function deletionIntent({ id }: Pick<DeletionRecord, 'id'>): string {
  return `delete:${id}`
}

export function isDeletionIntent(intent: string): boolean {
  return intent.startsWith('delete:')
}

/**
 * Deletes the object of a deletion and closes it. Already gone, or replaced by another object, is done too; one that was
 * never applied is nobody's to delete.
 */
export async function deleteObject(deps: Deps, deletion: DeletionRecord): Promise<void> {
  const inventory = deps.memory.inventory.get(deletion.object)
  const named = parseObjectId(deletion.object)
  if (inventory && named && deletion.uid) {
    await openIntent(deps, deletion)
    deps.lease.assertHeld()
    await deps.cluster.delete(
      {
        apiVersion: inventory.apiVersion,
        kind: inventory.kind,
        name: named.name,
        ...(named.namespace === clusterNamespace ? {} : { namespace: named.namespace }),
      },
      { uid: deletion.uid, propagation: 'Background' },
    )
  }
  deps.memory.inventory.delete(deletion.object)
  const intent = deletionIntent(deletion)
  await deps.store.transaction(async (store) => {
    await store.removeInventory(deps.settings.clusterName, [deletion.object])
    await store.saveDeletion({ ...deletion, state: 'done' })
    await store.record([
      { ...rowOf(deps, deletion, 'deletion.done'), intent: deps.memory.deleting.has(intent) ? intent : undefined },
    ])
  })
  deps.memory.deleting.delete(intent)
  // What its namespace still holds may have waited for it.
  if (deletion.release) deps.wakeups.wake('apply')
}

async function openIntent(deps: Deps, deletion: DeletionRecord) {
  const intent = deletionIntent(deletion)
  if (deps.memory.deleting.has(intent)) return
  await deps.store.record([{ ...rowOf(deps, deletion, 'deletion.intent'), intent }])
  deps.memory.deleting.add(intent)
}

function rowOf(deps: Deps, deletion: DeletionRecord, kind: string): NewAudit {
  return {
    at: deps.clock.now(),
    kind,
    actor: deletion.decidedBy ?? 'policy',
    subject: deletion.object,
    environment: deletion.environment,
    release: deletion.release,
    commit: deletion.commit,
    data: { deletion: deletion.id },
  }
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
