import type { HelmRevisionMeta, ReleaseAction, ReleaseSeen } from './types.ts'

/** The newest revision; nothing if the release is not installed. */
export function headOf(seen: Pick<ReleaseSeen, 'history'>): HelmRevisionMeta | undefined {
  return seen.history[0]
}

export function isPending(revision: HelmRevisionMeta): boolean {
  return revision.status.startsWith('pending-')
}

/**
 * The revision that an attempt made. Helm hands labels on to the next revision, also when someone upgrades by hand, so only
 * the oldest that carries the attempt is its own.
 */
export function carrierOf(
  history: readonly HelmRevisionMeta[],
  attempt: string | undefined,
): HelmRevisionMeta | undefined {
  return attempt === undefined ? undefined : history.findLast((entry) => entry.attempt === attempt)
}

/** Whether our last attempt made this revision. */
export function isOwn(seen: ReleaseSeen, revision: HelmRevisionMeta): boolean {
  const { lastAttempt } = seen
  if (!lastAttempt || revision.attempt !== lastAttempt.id) return false
  const own = lastAttempt.revision ?? carrierOf(seen.history, lastAttempt.id)?.revision
  return own === revision.revision
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
