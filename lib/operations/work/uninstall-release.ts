import type { HelmOutcome } from '#lib/ports/helm.ts'
import type { AttemptRecord, DeletionRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import { deleteObject } from './delete-objects.ts'
import { helmKey, modeOf, stopOf, type WorkerDeps } from './deps.ts'
import { endOperations } from './release-operations.ts'
import { patchRelease } from './release-records.ts'

const lookAgainMs = 2_000
const againAfterFailureMs = 60_000

/**
 * A release whose document left Git: waits for consent, then Helm uninstalls it, as its document wanted, and its custom
 * resource goes. Returns when to look again (milliseconds since the epoch), or undefined to be woken.
 */
export async function uninstallRelease(deps: WorkerDeps, record: ReleaseRecord): Promise<number | undefined> {
  const open = await deps.store.listDeletions(['waiting', 'consented', 'kept'])
  const deletion = open.find((candidate) => candidate.release === record.id)
  if (deletion?.state !== 'consented') {
    await rest(deps, record, deletion)
    return undefined
  }
  const barred = barrier(deps, record)
  if (barred !== undefined) {
    await patchRelease(deps, record.id, { phase: 'awaiting-consent', reason: barred })
    return undefined
  }
  if (!(await settlePrevious(deps, record, deletion))) return deps.clock.now() + lookAgainMs
  const installed = (deps.memory.history?.get(helmKey(record.storageNamespace, record.releaseName)) ?? []).some(
    (revision) => revision.status !== 'uninstalled',
  )
  if (installed && !(await uninstall(deps, record, deletion))) return deps.clock.now() + againAfterFailureMs
  await endOperations(deps, record.id, 'superseded', 'Its document left Git.')
  await deleteObject(deps, deletion)
  await patchRelease(deps, record.id, {
    phase: 'uninstalled',
    reason: `Uninstalled with the consent of ${deletion.decidedBy ?? 'the policy'}.`,
    phaseSince: deps.clock.now(),
    revision: undefined,
    baseline: undefined,
    health: 'unknown',
    healthReason: '',
  })
  return undefined
}

/** Consent does not outweigh the mode or the stop button. */
function barrier(deps: WorkerDeps, record: ReleaseRecord): string | undefined {
  const stopped = stopOf(deps, record.environment)
  if (stopped !== undefined) return `Consented to; stopped: ${stopped}`
  if (modeOf(deps, record.environment) === 'observe') return 'Consented to; its environment is only observed.'
  return undefined
}

/** Closes an uninstallation that a crash cut short; false = its helm still runs. */
async function settlePrevious(deps: WorkerDeps, record: ReleaseRecord, deletion: DeletionRecord): Promise<boolean> {
  const [attempt] = await deps.store.lastAttempts(record.id, 1)
  if (attempt?.state !== 'running' || attempt.action !== 'uninstall') return true
  if (attempt.process && deps.isAlive(attempt.process) === true) return false
  const now = deps.clock.now()
  await deps.store.transaction(async (store) => {
    await store.saveAttempt({ ...attempt, state: 'dead', endedAt: now })
    await store.updateOperation(attempt.operation, { state: 'failed', endedAt: now })
    const reason = 'The worker ended while Helm ran; its process is gone.'
    await store.record([{ ...auditOf(record, deletion, attempt), at: now, kind: 'uninstall.interrupted', reason }])
  })
  return true
}

async function rest(deps: WorkerDeps, record: ReleaseRecord, deletion: DeletionRecord | undefined) {
  if (record.phase === 'uninstalled') return
  const phase = deletion?.state === 'waiting' ? 'awaiting-consent' : record.phase
  await patchRelease(deps, record.id, {
    phase,
    reason:
      deletion?.state === 'waiting'
        ? `${record.path} no longer holds it; uninstalling waits for consent.`
        : 'No longer in Git; left running.',
    phaseSince: phase === record.phase ? record.phaseSince : deps.clock.now(),
  })
}

/** Whether the release is gone. */
async function uninstall(deps: WorkerDeps, record: ReleaseRecord, deletion: DeletionRecord): Promise<boolean> {
  const attempt = await openUninstall(deps, record, deletion)
  deps.lease.assertHeld()
  const outcome = await deps.helm.uninstall(
    {
      releaseName: record.releaseName,
      namespace: record.targetNamespace,
      storageNamespace: record.storageNamespace,
      ...(record.baseline?.uninstall ?? { keepHistory: false, disableHooks: false, timeoutMs: 300_000 }),
      ...(record.baseline?.serviceAccount ? { serviceAccount: record.baseline.serviceAccount } : {}),
    },
    {
      signal: deps.lease.signal,
      async onStart(process) {
        await deps.store.saveAttempt({ ...attempt, process })
      },
    },
  )
  if (outcome.kind === 'aborted') return false
  await closeUninstall(deps, record, deletion, attempt, outcome)
  return outcome.kind === 'succeeded'
}

async function openUninstall(deps: WorkerDeps, record: ReleaseRecord, deletion: DeletionRecord) {
  const operation = deps.newId('op')
  const now = deps.clock.now()
  const actor = deletion.decidedBy ?? 'policy'
  const reason = `Removed from Git by ${deletion.commit.slice(0, 12)}, consented by ${deletion.decidedBy ?? 'the policy'}.`
  const attempt: AttemptRecord = {
    id: deps.newId('try'),
    release: record.id,
    operation,
    action: 'uninstall',
    inputs: '',
    state: 'running',
    epoch: deps.lease.epoch,
    intent: `uninstall:${operation}`,
    failures: 0,
    startedAt: now,
  }
  await deps.store.transaction(async (store) => {
    await store.createOperation({
      id: operation,
      kind: 'deletion',
      release: record.id,
      actor,
      cause: { kind: 'person', actor },
      reason,
      state: 'running',
      commit: deletion.commit,
      createdAt: now,
    })
    await store.saveAttempt(attempt)
    await store.record([{ ...auditOf(record, deletion, attempt), at: now, kind: 'uninstall.intent', reason }])
  })
  await patchRelease(deps, record.id, { phase: 'uninstalling', reason, phaseSince: now, operation })
  return attempt
}

async function closeUninstall(
  deps: WorkerDeps,
  record: ReleaseRecord,
  deletion: DeletionRecord,
  attempt: AttemptRecord,
  outcome: Exclude<HelmOutcome, { kind: 'aborted' }>,
) {
  const message = outcome.kind === 'failed' ? outcome.message : undefined
  const state = outcome.kind === 'failed' ? 'failed' : 'succeeded'
  const now = deps.clock.now()
  await deps.store.transaction(async (store) => {
    await store.saveAttempt({ ...attempt, state, endedAt: now, ...(message === undefined ? {} : { message }) })
    await store.updateOperation(attempt.operation, { state, endedAt: now })
    const kind = outcome.kind === 'failed' ? 'uninstall.failed' : 'uninstall.done'
    await store.record([{ ...auditOf(record, deletion, attempt), at: now, kind, reason: message }])
  })
  if (message !== undefined) await patchRelease(deps, record.id, { phase: 'failed', reason: message, phaseSince: now })
}

function auditOf(record: ReleaseRecord, deletion: DeletionRecord, attempt: AttemptRecord) {
  return {
    actor: deletion.decidedBy ?? 'policy',
    subject: deletion.object,
    environment: record.environment,
    release: record.id,
    operation: attempt.operation,
    commit: deletion.commit,
    intent: attempt.intent,
    data: { deletion: deletion.id },
  }
}
