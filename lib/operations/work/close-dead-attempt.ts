import { atRest, carrierOf } from '#lib/core/release/index.ts'
import type { AttemptRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { lastDeploying } from './last-deploying.ts'
import { closeOperations } from './release-operations.ts'
import { patchRelease } from './release-records.ts'
import { auditOf } from './open-attempt.ts'
import { baselineOf, isRemedy } from './run-helm.ts'
import type { ReleaseView } from './see-release.ts'

/**
 * Settles an attempt that is in nobody's hand and whose process is proven gone: done, if its revision stands deployed; else
 * interrupted, and the next decision unlocks or tries again. A death with its worker counts towards the limit of those; a
 * run that our own process could not end (the API server or the database went away) does not.
 */
export async function closeDeadAttempt(deps: WorkerDeps, view: ReleaseView, attempt: AttemptRecord): Promise<void> {
  const carrier = carrierOf(view.seen.history, attempt.id)
  const made = carrier?.status === 'deployed' && carrier.inputs === attempt.inputs ? carrier : undefined
  const done = made !== undefined && made === view.seen.history[0] && !isRemedy(attempt.action)
  const died = attempt.epoch !== deps.lease.epoch
  const closed: AttemptRecord = {
    ...attempt,
    state: done ? 'succeeded' : 'dead',
    failures: done ? 0 : attempt.failures + (died ? 1 : 0),
    endedAt: deps.clock.now(),
    revision: carrier?.revision,
  }
  // Not those that were committed since: this attempt knew nothing of them.
  const carried = await deps.store.listOperations({ release: view.record.id, states: ['running'], limit: 50 })
  const others = carried.map(({ id }) => id).filter((id) => id !== attempt.operation)
  await deps.store.transaction(async (store) => {
    await store.saveAttempt(closed)
    if (done) await closeOperations({ ...deps, store }, view, { main: attempt.operation, all: carried }, made.revision)
    await store.record(
      [attempt.operation, ...others].map((operation, index) => ({
        ...auditOf(deps, view, attempt.action, operation),
        kind: `${attempt.action}.${done ? 'done' : 'interrupted'}`,
        ...(index === 0 ? { intent: attempt.intent } : {}),
        revision: made?.revision,
        reason: done
          ? 'Helm had finished before that could be written down.'
          : `${died ? 'The worker ended while Helm ran' : 'Helm could not be run to its end'}; its process is gone.`,
        data: { attempt: attempt.id },
      })),
    )
  })
  const decisive = isRemedy(attempt.action) ? await lastDeploying(deps.store, view.record.id) : closed
  if (decisive) deps.memory.attempts.set(view.record.id, decisive)
  else deps.memory.attempts.delete(view.record.id)
  if (done)
    await patchRelease(deps, view.record.id, {
      phase: 'deployed',
      reason: atRest(made.revision),
      phaseSince: closed.endedAt,
      revision: made.revision,
      deployedAt: made.modifiedAt,
      baseline: baselineOf(deps, view, made.revision, attempt.inputs),
    })
}
