import type { ChildIdentity } from '#lib/ports/helm.ts'
import type { AttemptRecord, NewAudit, ReleasePhase } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import type { OperationsInHand } from './release-operations.ts'
import { patchReleaseIn } from './release-records.ts'
import type { HelmAction } from './run-release.ts'
import type { ReleaseView } from './see-release.ts'

const phases = {
  install: 'installing',
  upgrade: 'upgrading',
  rollback: 'rolling-back',
  unlock: 'unlocking',
  uninstall: 'uninstalling',
} as const satisfies Record<HelmAction['kind'], ReleasePhase>

export function newAttempt(
  deps: WorkerDeps,
  view: ReleaseView,
  action: HelmAction,
  operations: OperationsInHand,
): AttemptRecord {
  const previous = deps.memory.attempts.get(view.record.id)
  const inputs = view.seen.inputs ?? ''
  const id = deps.newId('try')
  return {
    id,
    release: view.record.id,
    operation: operations.main.id,
    action: action.kind,
    inputs,
    state: 'running',
    epoch: deps.lease.epoch,
    intent: `${action.kind}:${id}`,
    failures: previous?.inputs === inputs && previous.state !== 'succeeded' ? previous.failures : 0,
    startedAt: deps.clock.now(),
  }
}

/** Resolves when operation, attempt and intent stand in the database; the first call writes them. */
export type Recording = (process?: ChildIdentity) => Promise<void>

/** What is on record before Helm can change anything, written once. */
export function recording(
  deps: WorkerDeps,
  view: ReleaseView,
  action: HelmAction,
  attempt: AttemptRecord,
  operations: OperationsInHand,
): Recording {
  let written: Promise<void> | undefined
  const write = async (process: ChildIdentity | undefined) => {
    attempt.process = process
    deps.lease.assertHeld()
    await openAttempt(deps, view, action, attempt, operations)
  }
  return (process) => (written ??= write(process))
}

async function openAttempt(
  deps: WorkerDeps,
  view: ReleaseView,
  action: HelmAction,
  attempt: AttemptRecord,
  operations: OperationsInHand,
) {
  const show = await deps.store.transaction(async (store) => {
    if (operations.isNew) await store.createOperation(operations.main)
    // One that was decided and has no commit yet goes through that first.
    else
      for (const { id, state } of operations.all)
        if (state !== 'decided') await store.updateOperation(id, { state: 'running' })
    await store.saveAttempt(attempt)
    await store.record(
      operations.all.map((operation, index) => ({
        ...auditOf(deps, view, action.kind, operation.id),
        kind: `${action.kind}.intent`,
        reason: action.reason,
        ...(index === 0 ? { intent: attempt.intent } : {}),
        data: {
          attempt: attempt.id,
          chart: view.chart?.version,
          images: view.record.images.map((image) => image.image),
        },
      })),
    )
    return patchReleaseIn(store, deps, view.record.id, {
      phase: phases[action.kind],
      reason: action.reason,
      phaseSince: attempt.startedAt,
      operation: attempt.operation,
      asked: undefined,
    })
  })
  deps.memory.attempts.set(view.record.id, attempt)
  show()
  deps.wakeups.wake('host')
  deps.step('helm.intended')
}

export function auditOf(
  deps: WorkerDeps,
  view: ReleaseView,
  action: string,
  operation: string,
): Omit<NewAudit, 'kind'> {
  return {
    at: deps.clock.now(),
    actor: 'automation',
    subject: view.desired.id,
    environment: view.record.environment,
    release: view.record.id,
    operation,
    commit: deps.memory.snapshot?.commit,
    data: { action },
  }
}
