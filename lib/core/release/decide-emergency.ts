import { blocked, decidePending, isUnended } from './decide-pending.ts'
import { headOf, isOwn } from './release-history.ts'
import type { ReleaseAction, ReleaseSeen } from './types.ts'

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
  if (head && isUnended(head)) {
    // A rollback whose worker died left it: Helm gives it the labels of the revision it was to restore.
    const own = isOwn(seen, head) || head.status === 'pending-rollback'
    return decidePending(seen, head, { own, otherwise: 'it cannot be rolled back' })
  }
  if (emergency.failed !== undefined && seen.asked !== 'retry') {
    const message = `The rollback to revision ${emergency.toRevision} failed: ${emergency.failed}`
    return blocked(seen, 'rollback-failed', message, 'Try it again, or lift the hold.')
  }
  return { kind: 'rollback', toRevision: emergency.toRevision, reason: held }
}
