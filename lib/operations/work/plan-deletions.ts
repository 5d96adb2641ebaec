import { environmentOf, type DeletionPolicy } from '#lib/core/pipeline/index.ts'
import { guardDeletion, isUnread, removedDocuments, type Snapshot } from '#lib/core/snapshot/index.ts'
import type { DeletionRecord, InventoryRecord } from '#lib/ports/store/index.ts'
import { helmReleaseId, modeOf, type WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'log' | 'settings' | 'memory' | 'newId' | 'wakeups'>

/**
 * Opens a deletion for each applied object whose document left Git by a descendant commit, and cancels those whose
 * document came back. Nothing is deleted here. A file that cannot be read, a forced or empty head open nothing; what such
 * a head lost is asked about with the next commit, whatever the policy.
 */
export async function planDeletions(
  deps: Deps,
  snapshot: Snapshot,
  previous: Snapshot | undefined,
  mayDelete: boolean,
): Promise<void> {
  await followMoves(deps, snapshot)
  const present = new Set(snapshot.documents.map((document) => document.id))
  const open = await deps.store.listDeletions(['waiting', 'consented', 'kept'])
  for (const deletion of open) if (present.has(deletion.object)) await cancel(deps, deletion)
  if (!mayDelete) return
  const known = new Set(open.map((deletion) => deletion.object))
  const { removed } = removedDocuments(deps.memory.inventory.values(), previous, snapshot)
  const gone = removed.filter((entry) => !known.has(entry.object))
  const before = new Set(previous?.documents.map((document) => document.id))
  for (const entry of gone) {
    const heldBefore = before.has(entry.object) || (previous !== undefined && isUnread(previous, entry.path))
    await openDeletion(deps, snapshot, entry, gone.length, heldBefore)
  }
}

/** A document that moved is not applied again, but its file is the one to ask about it from now on. */
async function followMoves(deps: Deps, snapshot: Snapshot) {
  const moved = snapshot.documents.flatMap(({ id, path }) => {
    const entry = deps.memory.inventory.get(id)
    return entry && entry.path !== path ? [{ ...entry, path }] : []
  })
  if (moved.length === 0) return
  await deps.store.saveInventory(moved)
  for (const entry of moved) deps.memory.inventory.set(entry.object, entry)
}

async function openDeletion(deps: Deps, snapshot: Snapshot, entry: InventoryRecord, gone: number, heldBefore: boolean) {
  const environment = environmentOf(entry.path) ?? ''
  if (modeOf(deps, environment) === 'observe') return
  const policy = deletionPolicy(deps, environment)
  const total = deps.memory.inventory.size
  const decision = guardDeletion({ object: entry.object, gone, total, policy, heldBefore })
  const release = [...deps.memory.releases.values()].find((record) => helmReleaseId(record) === entry.object)
  const now = deps.clock.now()
  const record: DeletionRecord = {
    id: deps.newId('del'),
    object: entry.object,
    kind: entry.kind,
    release: entry.kind === 'HelmRelease' ? release?.id : undefined,
    environment,
    path: entry.path,
    commit: snapshot.commit,
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
        release: record.release,
        commit: snapshot.commit,
        reason: `${entry.path} no longer holds it. ${decision.reason}`,
        data: { deletion: record.id, policy },
      },
    ])
  })
  if (record.release) deps.wakeups.wake('release', record.release)
  if (decision.kind === 'delete') deps.wakeups.wake('apply')
}

function deletionPolicy(deps: Deps, environment: string): DeletionPolicy {
  return deps.memory.config.deletion.environments[environment] ?? deps.memory.config.deletion.default
}

async function cancel(deps: Deps, deletion: DeletionRecord) {
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
        data: { deletion: deletion.id },
      },
    ])
  })
  if (deletion.release) deps.wakeups.wake('release', deletion.release)
}
