import type { HelmRevisionMeta, ReleaseAction, ReleaseSeen } from './types.ts'

/** The newest revision; nothing if the release is not installed. */
export function headOf(seen: Pick<ReleaseSeen, 'history'>): HelmRevisionMeta | undefined {
  return seen.history[0]
}

export function isPending(revision: HelmRevisionMeta): boolean {
  return revision.status.startsWith('pending-')
}

/**
 * The revision that an operation made. Helm hands labels on to the next revision, also when someone upgrades by hand, so
 * only the oldest that carries the operation can be ours; a try that failed is none if a later one did not.
 */
export function carrierOf(history: readonly HelmRevisionMeta[], operation: string): HelmRevisionMeta | undefined {
  const carriers = history.filter((entry) => entry.operation === operation)
  return carriers.findLast(({ status }) => status !== 'failed') ?? carriers[0]
}

/** Whether our last attempt made this revision. */
export function isOwn(seen: ReleaseSeen, revision: HelmRevisionMeta): boolean {
  const { lastAttempt } = seen
  if (!lastAttempt || revision.operation !== lastAttempt.operation) return false
  if (lastAttempt.revision !== undefined) return lastAttempt.revision === revision.revision
  return carrierOf(seen.history, lastAttempt.operation)?.revision === revision.revision
}

/** Whether this revision is our own and deployed what is wanted, although nobody was left to write that down. */
export function succeededAs(seen: ReleaseSeen, revision: HelmRevisionMeta): boolean {
  const outcome = seen.lastAttempt?.outcome
  const testsCount = !seen.desired.test.ignoreFailures
  return (
    revision.status === 'deployed' &&
    isOwn(seen, revision) &&
    revision.inputs !== undefined &&
    revision.inputs === seen.inputs &&
    (outcome === 'succeeded' || outcome === 'dead' || (outcome === 'test-failed' && !testsCount))
  )
}

/** Newest revision below `head` that was deployed once: where a failed upgrade goes back to. */
export function lastGood(seen: ReleaseSeen, head: HelmRevisionMeta): HelmRevisionMeta | undefined {
  const older = seen.history.filter(
    ({ revision, status }) => revision < head.revision && (status === 'deployed' || status === 'superseded'),
  )
  return older.find(({ revision }) => revision === seen.baseline?.revision) ?? older[0]
}

type Write = Extract<ReleaseAction, { kind: 'install' | 'upgrade' | 'rollback' | 'unlock' | 'uninstall' }>

/** The action as words after "would". */
export function pronounce(action: Write): string {
  switch (action.kind) {
    case 'install':
    case 'upgrade':
    case 'uninstall':
      return action.kind
    case 'rollback':
      return `roll back to revision ${action.toRevision}`
    case 'unlock':
      return `unlock revision ${action.revision}`
  }
}
