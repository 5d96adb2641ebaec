import { headOf, isOwn } from './release-history.ts'
import type { HelmRevisionMeta, ReleaseAction, ReleaseSeen } from './types.ts'

type Emergency = NonNullable<ReleaseSeen['emergency']>

/**
 * What to do for a release that a person rolled back while Git did not answer (§9.12): back to that revision at once, and
 * then nothing, whatever Git, charts and values say, until Git says the same or a person lifts the hold.
 */
export function decideEmergency(seen: ReleaseSeen, emergency: Emergency): ReleaseAction {
  const held = `Held: ${emergency.by} rolled back to revision ${emergency.toRevision} while Git was away: ${emergency.reason}`
  if (emergency.revision !== undefined) return { kind: 'nothing', reason: held }
  if (seen.mode === 'observe') return { kind: 'nothing', reason: `Only observed. ${held}` }
  if (seen.stopped !== undefined) return { kind: 'wait', reason: `Stopped: ${seen.stopped} ${held}` }
  if (seen.away !== undefined) return { kind: 'wait', reason: `The API server cannot be reached: ${seen.away}` }
  if (seen.lastAttempt?.outcome === 'running')
    return { kind: 'wait', reason: `Operation ${seen.lastAttempt.operation} is under way and is being ended. ${held}` }
  const head = headOf(seen)
  if (head && isUnfinished(head)) return freeFirst(seen, head)
  if (emergency.failed !== undefined && seen.asked !== 'retry') return failed(seen, emergency, emergency.failed)
  return { kind: 'rollback', toRevision: emergency.toRevision, reason: held }
}

function isUnfinished({ status }: HelmRevisionMeta): boolean {
  return status.startsWith('pending-') || status === 'uninstalling'
}

/** A revision begun and not ended: by an upgrade of ours that was ended for this, or by a rollback whose worker died. */
function freeFirst(seen: ReleaseSeen, { revision, status, ...rest }: HelmRevisionMeta): ReleaseAction {
  const what = `Revision ${revision} is ${status}`
  const own = isOwn(seen, { revision, status, ...rest }) || status === 'pending-rollback' || seen.asked === 'unlock'
  if (own) return { kind: 'unlock', revision, reason: `${what}, and the attempt that made it has ended.` }
  return blocked(seen, {
    code: 'release-pending',
    message: `${what} and was begun by someone else; it cannot be rolled back until that ends.`,
    suggestion: 'If nobody runs helm on this release any more, unlock it.',
  })
}

function failed(seen: ReleaseSeen, { toRevision }: Emergency, why: string): ReleaseAction {
  return blocked(seen, {
    code: 'rollback-failed',
    message: `The rollback to revision ${toRevision} failed: ${why}`,
    suggestion: 'Try it again, or lift the hold.',
  })
}

function blocked(seen: ReleaseSeen, problem: { code: string; message: string; suggestion: string }): ReleaseAction {
  const { path, line, id: subject } = seen.desired
  return { kind: 'blocked', problem: { severity: 'error', ...problem, path, line, subject } }
}
