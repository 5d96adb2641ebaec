import { Fault } from '#lib/core/fault/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { DocumentChange } from '#lib/core/values/index.ts'
import type { CommandRecord, NewAudit, OperationRecord, ReleaseRecord, WriteRequest } from '#lib/ports/store/index.ts'
import { helmReleaseId, modeOf, stopOf, type WorkerDeps } from '../work/deps.ts'
import { commitIntent } from '../work/write-audit.ts'
import type { CommandResult } from './execute-command.ts'

/**
 * What Git says of a release now; a release whose document is gone cannot be edited. Throws `unavailable`, which leaves the
 * command queued, while a worker that has just started knows nothing of Git.
 */
export function desiredOf(deps: Pick<WorkerDeps, 'memory'>, record: ReleaseRecord): DesiredRelease {
  const { snapshot } = deps.memory
  if (!snapshot) throw new Fault('unavailable', 'The repository is still being read.', { retryable: true })
  const release = snapshot.releases.find((candidate) => candidate.id === helmReleaseId(record))
  if (!release)
    throw new Fault('conflict', `${helmReleaseId(record)} is not in Git.`, {
      suggestion: 'Restore its document, or let the deletion go on.',
    })
  return release
}

/** The one operation a command leads to: by it a command is known that was carried out by a worker which then died. */
export function operationOf({ id }: Pick<CommandRecord, 'id'>): string {
  return `op-${id.replace(/^cmd-/, '')}`
}

export interface Edit {
  kind: WriteRequest['kind']
  changes: DocumentChange[]
  expects: Record<string, string>
  /** One sentence: what is done, as the page and the audit say it. */
  reason: string
  auditKind: string
}

/** Queues a person's edit: operation, audit rows and request in one transaction; the writer makes the commit. */
export async function requestEdit(
  deps: WorkerDeps,
  command: CommandRecord,
  record: ReleaseRecord,
  release: DesiredRelease,
  edit: Edit,
): Promise<CommandResult> {
  assertWritable(deps, record)
  if (record.emergency && edit.kind === 'release')
    throw new Fault('conflict', `${record.name} is held: it was rolled back while Git was away.`, {
      suggestion: 'Lift the hold first.',
    })
  const now = deps.clock.now()
  const { actor } = command
  const message = typeof command.input.message === 'string' ? command.input.message : undefined
  const operation: OperationRecord = {
    id: operationOf(command),
    kind: edit.kind === 'release' || edit.kind === 'rollback' ? edit.kind : 'policy',
    release: record.id,
    actor: actor.email,
    cause: { kind: 'person', actor: actor.email, note: message },
    reason: edit.reason,
    state: 'decided',
    createdAt: now,
  }
  const request: WriteRequest = {
    id: deps.newId('write'),
    operation: operation.id,
    target: { id: release.id, path: release.path },
    changes: edit.changes,
    kind: edit.kind,
    actor: { name: actor.name, email: actor.email },
    message,
    cause: `${edit.kind} by ${actor.email}`,
    expects: edit.expects,
    createdAt: now,
  }
  const row = (kind: string, more: Partial<NewAudit>): NewAudit => ({
    at: now,
    kind,
    actor: actor.email,
    subject: release.id,
    environment: record.environment,
    release: record.id,
    operation: operation.id,
    data: {},
    ...more,
  })
  const isNew = await deps.store.enqueueWrite(request, operation, [
    row(edit.auditKind, {
      reason: message ?? edit.reason,
      data: { changes: edit.changes.map(shown), before: edit.expects },
    }),
    row('commit.intent', { intent: commitIntent(request.id), data: { path: release.path } }),
  ])
  if (!isNew) throw new Fault('conflict', 'The same change is already on its way.')
  deps.wakeups.wake('write', 'person')
  return { message: edit.reason, operation: operation.id }
}

/** What the audit keeps of a change: a whole file is named by its commit. */
function shown(change: DocumentChange): unknown {
  return change.kind === 'spec' ? { kind: change.kind, commit: change.commit } : change
}

/** Nothing is written for an environment that is stopped or only observed. */
function assertWritable(deps: WorkerDeps, record: ReleaseRecord): void {
  const stopped = stopOf(deps, record.environment)
  if (stopped !== undefined)
    throw new Fault('conflict', `${record.environment} is stopped: ${stopped}`, { suggestion: 'Lift the stop first.' })
  if (modeOf(deps, record.environment) === 'observe')
    throw new Fault('conflict', `${record.environment} is only observed; nothing is written for it.`, {
      suggestion: 'Enable acting for this environment in the settings.',
    })
}
