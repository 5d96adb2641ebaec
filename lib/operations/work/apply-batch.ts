import { createHash } from 'node:crypto'
import type { ObjectId } from '#lib/core/manifest/index.ts'
import type { NewAudit } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'settings' | 'memory' | 'newId'>

/** More ids than these are only counted in the audit trail. */
const idsShown = 100

const intentKind = 'apply.intent'

/** Objects on their way into the cluster under one intent of the audit trail. */
export interface ApplyBatch {
  intent: string
  /** Digest of the objects and their contents: the same batch tried again has the same. */
  key: string
  commit: string
  objects: readonly ObjectId[]
  /** Why nothing of it could be applied, once that is known. */
  refused?: string
}

/**
 * Writes the intent before the first object is applied (I2). A batch of which nothing could be applied goes on under its
 * intent for as long as it is tried again unchanged: nothing has happened that a row could tell of.
 */
export async function openBatch(
  deps: Deps,
  commit: string,
  objects: readonly { id: ObjectId; digest: string }[],
): Promise<ApplyBatch | undefined> {
  const key = keyOf(objects)
  const open = deps.memory.applying
  if (open && open.key === key) return open
  if (open) await end(deps, open, open.refused === undefined ? 'interrupted' : 'failed', { reason: open.refused })
  if (objects.length === 0) return undefined
  const batch = { intent: deps.newId('apply'), key, commit, objects: objects.map(({ id }) => id) }
  await deps.store.record([rowOf(deps, batch, intentKind, {})])
  deps.memory.applying = batch
  return batch
}

/** Writes the one outcome, unless nothing was applied and all of it is tried again. */
export async function closeBatch(
  deps: Deps,
  batch: ApplyBatch,
  failed: readonly { id: ObjectId; message: string }[],
): Promise<void> {
  const [first] = failed
  if (!first) await end(deps, batch, 'done', {})
  else if (failed.length === batch.objects.length) deps.memory.applying = { ...batch, refused: first.message }
  else await end(deps, batch, 'failed', { reason: first.message, failed: failed.map(({ id }) => id) })
}

/** A batch that a dead worker left open: what it did not come to is applied again, under a new intent. */
export async function closeLeftBatches(
  deps: Pick<WorkerDeps, 'store' | 'clock'>,
  openIntents: readonly NewAudit[],
): Promise<void> {
  await deps.store.record(
    openIntents
      .filter(({ kind }) => kind === intentKind)
      .map((row) => ({
        ...row,
        at: deps.clock.now(),
        kind: 'apply.interrupted',
        reason: 'The worker ended before it was done; what is left is applied again.',
      })),
  )
}

async function end(
  deps: Deps,
  batch: ApplyBatch,
  how: 'done' | 'failed' | 'interrupted',
  more: { reason?: string; failed?: readonly ObjectId[] },
) {
  await deps.store.record([rowOf(deps, batch, `apply.${how}`, more)])
  deps.memory.applying = undefined
}

function rowOf(
  deps: Deps,
  { intent, commit, objects }: ApplyBatch,
  kind: string,
  { reason, failed }: { reason?: string; failed?: readonly ObjectId[] },
): NewAudit {
  const shown = { count: objects.length, objects: objects.slice(0, idsShown) }
  return {
    at: deps.clock.now(),
    kind,
    actor: 'automation',
    subject: deps.settings.repository,
    commit,
    reason,
    intent,
    data: failed ? { ...shown, failed: failed.slice(0, idsShown) } : shown,
  }
}

function keyOf(objects: readonly { id: ObjectId; digest: string }[]): string {
  const lines = objects.map(({ id, digest }) => `${id} ${digest}`).sort()
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
