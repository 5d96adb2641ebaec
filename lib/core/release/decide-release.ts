import { sentence } from '../problem/index.ts'
import { decideEmergency } from './decide-emergency.ts'
import { decideFailed } from './decide-failed.ts'
import { blocked, decidePending, isUnended } from './decide-pending.ts'
import { headOf, isOwn, pronounce, succeededAs } from './release-history.ts'
import type { HelmRevisionMeta, ReleaseAction, ReleaseSeen } from './types.ts'

/** What stands in the way before the cluster's history matters. */
function decidePrecondition(seen: ReleaseSeen): ReleaseAction | undefined {
  const { desired, chart, values, lastAttempt } = seen
  if (desired.automation.ignored) return { kind: 'nothing', reason: 'Git says to ignore this release.' }
  const problem = desired.problems.find(({ severity }) => severity === 'error')
  if (problem) return { kind: 'blocked', problem }
  if (desired.suspend) return { kind: 'nothing', reason: 'Suspended in Git.' }
  if (seen.away !== undefined) return { kind: 'wait', reason: `The API server cannot be reached: ${seen.away}` }
  if (lastAttempt?.outcome === 'running') {
    const newer = lastAttempt.inputs !== seen.inputs ? ' It is of an older commit; the newer one follows at once.' : ''
    return { kind: 'wait', reason: `Operation ${lastAttempt.operation} is under way.${newer}` }
  }
  const head = headOf(seen)
  if (head && isUnended(head)) return decidePending(seen, head)
  if (seen.renamedFrom !== undefined) return decideRenamed(seen, seen.renamedFrom)
  if (!seen.namespaceExists) {
    const message = `Namespace ${desired.targetNamespace} does not exist.`
    return blocked(seen, 'namespace-missing', message, 'Commit a Namespace document, or create the namespace.')
  }
  if (chart.kind === 'failed') return { kind: 'blocked', problem: chart.problem }
  if (values.kind === 'failed') return { kind: 'blocked', problem: values.problem }
  if (chart.kind === 'waiting') return { kind: 'wait', reason: chart.problem.message, until: chart.until }
  if (values.kind === 'waiting') return { kind: 'wait', reason: values.problem.message }
  if (seen.inputs === undefined) return { kind: 'wait', reason: 'Chart and values are being read.' }
  if (seen.waitingFor.length > 0)
    return { kind: 'wait', reason: `Waits for ${seen.waitingFor.join(', ')} to be ready.` }
  return undefined
}

/** Another release name, target or storage namespace is another Helm release; the old one would be left behind (§9.19). */
function decideRenamed(seen: ReleaseSeen, before: string): ReleaseAction {
  const message = `This document used to be the Helm release ${before}, which is still installed.`
  const suggestion =
    'Restore the name and namespaces; or remove the document in one commit, agree to its uninstallation, and add it anew.'
  return blocked(seen, 'release-renamed', message, suggestion)
}

/** An installed release whose last known revision is not ours to compare with: look, then adopt or ask (§9.23). */
function decideUnknown(seen: ReleaseSeen, head: HelmRevisionMeta): ReleaseAction {
  if (seen.asked === 'adopt') return { kind: 'upgrade', reason: 'A person agreed to take this release over.' }
  if (seen.adoption === undefined) {
    return { kind: 'compare', reason: `Revision ${head.revision} was installed by others; comparing it with Git.` }
  }
  if (seen.adoption === 'equal' && head.status === 'deployed') {
    return { kind: 'adopt', revision: head.revision, reason: atRest(head.revision) }
  }
  const difference = seen.adoption === 'different' ? 'differs from what Git says' : `is ${head.status}`
  const message = `Revision ${head.revision} was installed by others and ${difference}.`
  return blocked(seen, 'adoption-differs', message, 'Look at the difference, then agree to the upgrade or change Git.')
}

function decideDeployed(
  seen: ReleaseSeen,
  head: HelmRevisionMeta,
  baseline: { revision: number; inputs: string },
): ReleaseAction {
  if (head.revision > baseline.revision) {
    if (succeededAs(seen, head)) {
      return {
        kind: 'adopt',
        revision: head.revision,
        reason: `Revision ${head.revision} is the outcome of our own operation.`,
      }
    }
    const by = `Revision ${head.revision} was made by hand after revision ${baseline.revision}`
    return { kind: 'upgrade', reason: `${by}; going back to what Git says.` }
  }
  if (baseline.inputs === seen.inputs) {
    return { kind: 'nothing', reason: atRest(head.revision) }
  }
  return { kind: 'upgrade', reason: 'Chart, values or options changed since the last revision.' }
}

/** What to do if nothing held it back: neither mode, stop nor hold are looked at. */
function decideFreely(seen: ReleaseSeen, now: number): ReleaseAction {
  const early = decidePrecondition(seen)
  if (early) return early
  const failed = decideFailed(seen, now)
  if (failed) return failed
  const head = headOf(seen)
  if (!head) return { kind: 'install', reason: 'Git has this release and the cluster does not.' }
  if (head.status === 'uninstalled') return { kind: 'install', reason: 'It was uninstalled, and Git still has it.' }
  if (isOwn(seen, head) && succeededAs(seen, head)) {
    if (seen.baseline?.revision === head.revision) return decideDeployed(seen, head, seen.baseline)
    return {
      kind: 'adopt',
      revision: head.revision,
      reason: `Revision ${head.revision} is the outcome of our own operation.`,
    }
  }
  if (!seen.baseline && isOwn(seen, head))
    return { kind: 'upgrade', reason: `Revision ${head.revision} of our own is ${head.status}.` }
  if (!seen.baseline || head.revision < seen.baseline.revision) return decideUnknown(seen, head)
  switch (head.status) {
    case 'deployed':
      return decideDeployed(seen, head, seen.baseline)
    case 'failed':
    case 'superseded':
      return { kind: 'upgrade', reason: `Revision ${head.revision} is ${head.status}; going on to what Git says.` }
    case 'unknown': {
      const message = `Helm does not know the status of revision ${head.revision}.`
      return blocked(seen, 'release-status-unknown', message, 'Look at it with helm history.')
    }
    case 'uninstalling':
    case 'pending-install':
    case 'pending-upgrade':
    case 'pending-rollback':
      return decidePending(seen, head)
  }
}

/** Why the release is held, if it is and what is to be deployed is not what is held already (§9.11). */
function holdAgainst(seen: ReleaseSeen): string | undefined {
  const { locked } = seen.desired.automation
  if (!locked) return undefined
  const restores = seen.baseline !== undefined && seen.baseline.inputs === seen.inputs
  if (restores) return undefined
  const applied = seen.lastAppliedDocumentDigest
  // The commit that edits a held document is what the person who holds it wants; so is the one that brings it.
  const byItsCommit = applied === undefined ? seen.history.length === 0 : applied !== seen.desired.digest
  if (byItsCommit) return undefined
  const { user, message, until } = locked
  const words = [user ? ` by ${user}` : '', until ? ` until ${until}` : '', message ? `: ${message}` : '']
  return `Held${words.join('')}`
}

/** Of a release of which nothing is to be done; also said when its upgrade ends, which then is no change any more. */
export const atRest = (revision: number): string => `Revision ${revision} is what Git says.`

/**
 * The next thing to do for one release, with the reason that page, audit and log show. Pure: equal sight, equal action.
 * What writes to the cluster becomes `wait` under a stop, `nothing` under a hold or in observe mode, saying what would be done.
 */
export function decideRelease(seen: ReleaseSeen, now: number): ReleaseAction {
  if (seen.emergency) return decideEmergency(seen, seen.emergency)
  const action = decideFreely(seen, now)
  switch (action.kind) {
    case 'nothing':
    case 'compare':
    case 'adopt':
    case 'wait':
    case 'blocked':
    case 'give-up':
      return action
    case 'install':
    case 'upgrade':
    case 'rollback':
    case 'unlock':
    case 'uninstall': {
      const would = `Would ${pronounce(action)}. ${action.reason}`
      if (seen.mode === 'observe') return { kind: 'nothing', reason: `Only observed. ${would}` }
      if (seen.stopped !== undefined) return { kind: 'wait', reason: `Stopped: ${sentence(seen.stopped)} ${would}` }
      const hold = action.kind === 'rollback' || action.kind === 'unlock' ? undefined : holdAgainst(seen)
      return hold === undefined ? action : { kind: 'nothing', reason: `${sentence(hold)} ${would}` }
    }
  }
}
