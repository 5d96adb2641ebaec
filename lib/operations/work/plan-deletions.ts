import type { ManifestDocument } from '#lib/core/manifest/index.ts'
import { readIgnore } from '#lib/core/policy/index.ts'
import { guardDeletion, isUnread, removedDocuments, type Leaving, type Snapshot } from '#lib/core/snapshot/index.ts'
import type { DeletionRecord, InventoryRecord } from '#lib/ports/store/index.ts'
import { deletionIntent } from './delete-objects.ts'
import { releaseBehind, type WorkerDeps } from './deps.ts'
import { documentPlaces, type DocumentPlace } from './document-place.ts'
import { kindsInRelease } from './kinds-in-release.ts'
import { sourceLabel } from './source-label.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'log' | 'settings' | 'memory' | 'newId' | 'wakeups'>

/**
 * Opens a deletion for each applied object whose document left Git by a descendant commit, and cancels those whose
 * document came back. Nothing is deleted here. A file that cannot be read, a forced or empty head open nothing; what such
 * a head lost is asked about with the next commit, whatever the policy. What came from another URL, branch or path is
 * nobody's to delete.
 */
export async function planDeletions(
  deps: Deps,
  snapshot: Snapshot,
  previous: Snapshot | undefined,
  mayDelete: boolean,
): Promise<void> {
  await followDocuments(deps, snapshot)
  const present = new Set(snapshot.documents.map((document) => document.id))
  const open = await deps.store.listDeletions(['waiting', 'consented', 'kept'])
  for (const deletion of open) if (present.has(deletion.object)) await cancel(deps, deletion)
  if (!mayDelete) return
  const known = new Set(open.map((deletion) => deletion.object))
  const own = await ownEntries(deps, snapshot, present)
  const { removed } = removedDocuments(own, previous, snapshot)
  const gone = removed.filter((entry) => !known.has(entry.object))
  const before = new Map(previous?.documents.map((document) => [document.id, document]))
  const placeOf = documentPlaces(deps)
  for (const entry of gone) {
    const document = before.get(entry.object)
    const place = placeOf({ id: entry.object, path: entry.path })
    if (place.mode === 'observe') continue
    const decision = guardDeletion({
      ...(await leavingOf(deps, entry, document)),
      gone: gone.length,
      total: own.length,
      policy: place.deletion,
      heldBefore: document !== undefined || (previous !== undefined && isUnread(previous, entry.path)),
    })
    await openDeletion(deps, snapshot.commit, entry, place, decision)
  }
}

/**
 * What the inventory says of documents that are there: their file moves with them, and they come from where they stand
 * now. One that another source brought is applied once more, for the label that says so.
 */
async function followDocuments(deps: Deps, snapshot: Snapshot) {
  const source = sourceLabel(deps)
  const followed = snapshot.documents.flatMap(({ id, path }): InventoryRecord[] => {
    const entry = deps.memory.inventory.get(id)
    if (!entry || (entry.path === path && entry.source === source)) return []
    return [{ ...entry, path, source, digest: entry.source === source ? entry.digest : '' }]
  })
  if (followed.length === 0) return
  await deps.store.saveInventory(followed)
  for (const entry of followed) deps.memory.inventory.set(entry.object, entry)
}

/**
 * What this source brought into the cluster. An object that could never be applied is somebody else's or nobody's; once
 * its document is gone it is forgotten. A release may be installed although its resource could not be applied.
 */
async function ownEntries(deps: Deps, snapshot: Snapshot, present: ReadonlySet<string>): Promise<InventoryRecord[]> {
  const source = sourceLabel(deps)
  const own = [...deps.memory.inventory.values()].filter((entry) => entry.source === source)
  const isOurs = ({ uid, kind }: InventoryRecord) => uid !== '' || kind === 'HelmRelease'
  const never = own.filter((entry) => !isOurs(entry) && !present.has(entry.object) && !isUnread(snapshot, entry.path))
  if (never.length > 0) {
    const objects = never.map(({ object }) => object)
    await deps.store.removeInventory(deps.settings.clusterName, objects)
    for (const object of objects) deps.memory.inventory.delete(object)
  }
  return own.filter(isOurs)
}

/** What is known of an object itself, whichever commit takes it away. */
async function leavingOf(
  deps: Deps,
  { object, kind }: InventoryRecord,
  document: ManifestDocument | undefined,
): Promise<Pick<Leaving, 'object' | 'contains' | 'ignored'>> {
  const ignored = document && readIgnore(document.object.metadata.annotations ?? {}) !== undefined
  if (kind !== 'HelmRelease') return { object, ignored, contains: [] }
  const release = releaseBehind(deps, object)
  return { object, ignored, contains: release ? await kindsInRelease(deps, release) : [] }
}

async function openDeletion(
  deps: Deps,
  commit: string,
  entry: InventoryRecord,
  { environment, deletion: policy }: DocumentPlace,
  decision: ReturnType<typeof guardDeletion>,
) {
  const release = entry.kind === 'HelmRelease' ? releaseBehind(deps, entry.object)?.id : undefined
  const now = deps.clock.now()
  const record: DeletionRecord = {
    id: deps.newId('del'),
    object: entry.object,
    kind: entry.kind,
    release,
    environment,
    path: entry.path,
    commit,
    uid: entry.uid,
    guard: decision.kind === 'ask' ? decision.reason : undefined,
    state: ({ keep: 'kept', ask: 'waiting', delete: 'consented' } as const)[decision.kind],
    ...(decision.kind === 'delete' ? { decidedBy: 'policy: on', decidedAt: now } : {}),
    createdAt: now,
  }
  await deps.store.transaction(async (store) => {
    await store.saveDeletion(record)
    await store.record([
      {
        at: now,
        kind: ({ keep: 'deletion.kept', ask: 'deletion.asked', delete: 'deletion.consented' } as const)[decision.kind],
        actor: decision.kind === 'delete' ? 'policy' : 'git',
        subject: entry.object,
        environment,
        release,
        commit,
        reason: `${entry.path} no longer holds it. ${decision.reason}`,
        data: { deletion: record.id, policy },
      },
    ])
  })
  if (release) deps.wakeups.wake('release', release)
  if (decision.kind === 'delete') deps.wakeups.wake('apply')
}

async function cancel(deps: Deps, deletion: DeletionRecord) {
  const intent = deletionIntent(deletion)
  await deps.store.transaction(async (store) => {
    await store.saveDeletion({ ...deletion, state: 'cancelled', decidedBy: 'git', decidedAt: deps.clock.now() })
    await store.record([
      {
        at: deps.clock.now(),
        kind: 'deletion.cancelled',
        actor: 'git',
        subject: deletion.object,
        environment: deletion.environment,
        release: deletion.release,
        reason: 'The document is back in Git.',
        intent: deps.memory.deleting.has(intent) ? intent : undefined,
        data: { deletion: deletion.id },
      },
    ])
  })
  deps.memory.deleting.delete(intent)
  if (deletion.release) deps.wakeups.wake('release', deletion.release)
}
