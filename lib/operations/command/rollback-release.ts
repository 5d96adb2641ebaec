import type { CommandRecord, Emergency, ReleaseRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from '../work/deps.ts'
import { gitAway } from '../work/emergency.ts'
import { planWayBack } from '../work/plan-way-back.ts'
import { patchRelease } from '../work/release-records.ts'
import { endWaiting } from '../work/replace-waiting.ts'
import { desiredOf, operationOf, requestEdit, type Edit } from './request-edit.ts'
import type { CommandResult } from './execute-command.ts'

interface Wanted {
  revision: number
  reason: string
  holdUntil?: string
}

/** A person's way back to an earlier revision (§9.12): one commit, or Helm first where Git takes none now. */
export async function rollbackRelease(
  deps: WorkerDeps,
  command: CommandRecord,
  record: ReleaseRecord,
  wanted: Wanted,
): Promise<CommandResult> {
  const release = desiredOf(deps, record)
  const [because, { changes, notRestored, inputs }] = await Promise.all([
    gitAway(deps),
    planWayBack(deps, record, release, { ...wanted, user: command.actor.email }),
  ])
  const left = notRestored.length > 0 ? ` ${notRestored.join(' ')}` : ''
  const edit: Edit = {
    kind: 'rollback',
    changes,
    expects: {},
    reason: `Rolled back to revision ${wanted.revision}: ${wanted.reason}.${left}`,
    auditKind: 'rollback.requested',
  }
  if (because === undefined) return requestEdit(deps, command, record, release, edit)
  const emergency: Emergency = {
    operation: operationOf(command),
    toRevision: wanted.revision,
    inputs,
    before: record.revision ?? 0,
    by: command.actor.email,
    reason: wanted.reason,
    because,
    at: deps.clock.now(),
  }
  return rollBackAtOnce(deps, command, record, emergency, () => requestEdit(deps, command, record, release, edit))
}

/** The hold stands before anything is queued: a worker that dies in between is asked again. */
async function rollBackAtOnce(
  deps: WorkerDeps,
  command: CommandRecord,
  record: ReleaseRecord,
  emergency: Emergency,
  request: () => Promise<CommandResult>,
): Promise<CommandResult> {
  await patchRelease(deps, record.id, { emergency })
  try {
    const { operation } = await request()
    await endWaiting(deps, record.id)
    deps.wakeups.wake('release', record.id)
    const message = `Rolling back to revision ${emergency.toRevision} at once; Git follows when it answers. ${emergency.because}`
    return { message, operation }
  } catch (error) {
    await patchRelease(deps, record.id, { emergency: record.emergency })
    throw error
  }
}
