import { environmentOf, type DeletionPolicy } from '#lib/core/pipeline/index.ts'
import type { Snapshot } from '#lib/core/snapshot/index.ts'
import type { DeletionRecord, InventoryRecord } from '#lib/ports/store/index.ts'
import { helmReleaseId, modeOf, type WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'log' | 'settings' | 'memory' | 'newId' | 'wakeups'>

/** Kinds whose deletion always asks, whatever the policy (§9.19). */
const alwaysAsk = new Set([
  'Namespace',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'CustomResourceDefinition',
  'StatefulSet',
])
const guardCount = 5
const guardShare = 0.1

/**
 * Opens a deletion for each applied object whose document left Git by a descendant commit, and cancels those whose
 * document came back. Nothing is deleted here. A spoiled file, a forced or empty head open nothing.
 */
export async function planDeletions(deps: Deps, snapshot: Snapshot, mayDelete: boolean): Promise<void> {
  const present = new Set(snapshot.documents.map((document) => document.id))
  const open = await deps.store.listDeletions(['waiting', 'consented', 'kept'])
  for (const deletion of open) if (present.has(deletion.object)) await cancel(deps, deletion)
  if (!mayDelete) return
  const known = new Set(open.filter((deletion) => !present.has(deletion.object)).map((deletion) => deletion.object))
  const gone = [...deps.memory.inventory.values()].filter(
    (entry) => !present.has(entry.object) && !snapshot.spoiledPaths.has(entry.path) && !known.has(entry.object),
  )
  const many = gone.length > guardCount || gone.length > deps.memory.inventory.size * guardShare
  for (const entry of gone) await openDeletion(deps, snapshot, entry, many ? gone.length : 0)
}

async function openDeletion(deps: Deps, snapshot: Snapshot, entry: InventoryRecord, many: number) {
  const environment = environmentOf(entry.path) ?? ''
  if (modeOf(deps, environment) === 'observe') return
  const policy = deletionPolicy(deps, environment)
  const guard = guardOf(entry, many)
  const release = [...deps.memory.releases.values()].find((record) => helmReleaseId(record) === entry.object)
  const consented = policy === 'on' && guard === undefined
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
    guard,
    state: policy === 'off' ? 'kept' : consented ? 'consented' : 'waiting',
    ...(consented ? { decidedBy: 'policy: on', decidedAt: now } : {}),
    createdAt: now,
  }
  await deps.store.transaction(async (store) => {
    await store.saveDeletion(record)
    await store.record([
      {
        at: now,
        kind: consented ? 'deletion.consented' : policy === 'off' ? 'deletion.kept' : 'deletion.asked',
        actor: consented ? 'policy' : 'git',
        subject: entry.object,
        environment,
        release: record.release,
        commit: snapshot.commit,
        reason: guard ?? `${entry.path} no longer holds it.`,
        data: { deletion: record.id, policy },
      },
    ])
  })
  if (record.release) deps.wakeups.wake('release', record.release)
  if (consented) deps.wakeups.wake('apply')
}

function deletionPolicy(deps: Deps, environment: string): DeletionPolicy {
  return deps.memory.config.deletion.environments[environment] ?? deps.memory.config.deletion.default
}

function guardOf(entry: InventoryRecord, many: number): string | undefined {
  if (alwaysAsk.has(entry.kind)) return `A ${entry.kind} is never deleted without a person.`
  return many > 0 ? `${many} objects left Git in one commit.` : undefined
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
