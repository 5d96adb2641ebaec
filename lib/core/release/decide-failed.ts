import { headOf, isOwn, lastGood } from './release-history.ts'
import type { HelmRevisionMeta, ReleaseAction, ReleaseSeen } from './types.ts'

/** Attempts that died with their worker before the release is left alone as one that kills workers. */
const maxDeaths = 3

/** Milliseconds to wait after the given number of consecutive failures: 10 s doubled each time, at most 5 min. */
export function retryDelayMs(failures: number): number {
  return Math.min(300_000, 10_000 * 2 ** Math.max(0, Math.min(failures, 30) - 1))
}

type Attempt = NonNullable<ReleaseSeen['lastAttempt']>

const giveUp = (seen: ReleaseSeen, code: string, message: string): ReleaseAction => ({
  kind: 'give-up',
  problem: {
    code,
    severity: 'error',
    message,
    suggestion: 'Correct it in Git, or try again.',
    path: seen.desired.path,
    line: seen.desired.line,
    subject: seen.desired.id,
  },
})

const because = (attempt: Attempt): string => (attempt.message ? `: ${attempt.message}` : '.')

/** Whether the release never had a revision that worked, so that what failed was its installation. */
function wasInstall(seen: ReleaseSeen): boolean {
  return !seen.history.some(({ status }) => status === 'deployed' || status === 'superseded')
}

/** What the resource asks to be done with the failed revision before any retry. */
function remediate(seen: ReleaseSeen, head: HelmRevisionMeta | undefined, attempt: Attempt): ReleaseAction | undefined {
  if (!head || !isOwn(seen, head)) return undefined
  const testFailed = attempt.outcome === 'test-failed' && head.status === 'deployed'
  if (head.status !== 'failed' && !testFailed) return undefined
  const first = wasInstall(seen) || (testFailed && seen.history.length === 1)
  const { after } = first ? seen.desired.install : seen.desired.upgrade
  const reason = `Revision ${head.revision} failed${because(attempt)}`
  if (after === 'uninstall') return { kind: 'uninstall', reason }
  const target = after === 'rollback' && !first ? lastGood(seen, head) : undefined
  return target ? { kind: 'rollback', toRevision: target.revision, reason } : undefined
}

function retry(seen: ReleaseSeen, attempt: Attempt, now: number): ReleaseAction {
  const install = wasInstall(seen)
  const kind = install ? 'install' : 'upgrade'
  if (seen.asked === 'retry') return { kind, reason: 'A person asked to try again.' }
  if (attempt.outcome === 'hook-failed') {
    return giveUp(seen, 'release-hook-failed', `A hook failed and is not run again by itself${because(attempt)}`)
  }
  const { retries } = install ? seen.desired.install : seen.desired.upgrade
  const times = attempt.failures === 1 ? 'once' : `${attempt.failures} times`
  if (retries >= 0 && attempt.failures > retries) {
    return giveUp(seen, `release-${kind}-failed`, `The ${kind} failed ${times}${because(attempt)}`)
  }
  const until = (attempt.endedAt ?? now) + retryDelayMs(attempt.failures)
  if (now < until)
    return {
      kind: 'wait',
      until,
      afterFailure: true,
      reason: `The ${kind} failed ${times}; trying again${because(attempt)}`,
    }
  return { kind, reason: `The ${kind} failed ${times}; trying again${because(attempt)}` }
}

/**
 * Whether somebody else made a revision after ours, so that our failure is history. A rollback is no such revision: Helm gives
 * it the labels of the revision it restores, and undoing it at once would only fail again.
 */
function wasReplaced(seen: ReleaseSeen, head: HelmRevisionMeta): boolean {
  if (isOwn(seen, head) || head.revision <= (seen.baseline?.revision ?? 0)) return false
  const [, before] = seen.history
  const rolledBack = head.inputs !== undefined && head.inputs === seen.baseline?.inputs
  return !(rolledBack && before !== undefined && isOwn(seen, before))
}

/**
 * A failure told by Helm's history alone: these inputs failed and the revision before was restored on top. It holds when the
 * last attempt on record is the rollback itself, or when the record is lost; without it upgrade and rollback would circle.
 */
function failureInHistory(seen: ReleaseSeen): Attempt | undefined {
  const [head, before] = seen.history
  if (!head || !before || seen.inputs === undefined || head.status !== 'deployed') return undefined
  const restored = head.inputs !== undefined && head.inputs !== seen.inputs && head.inputs === seen.baseline?.inputs
  if (!restored || before.status !== 'failed' || before.inputs !== seen.inputs) return undefined
  return {
    id: before.attempt ?? '',
    inputs: seen.inputs,
    outcome: 'failed',
    failures: seen.history.filter(({ status, inputs }) => status === 'failed' && inputs === seen.inputs).length,
    endedAt: head.modifiedAt,
    operation: before.operation ?? '',
    revision: before.revision,
  }
}

function failureOf(seen: ReleaseSeen): Attempt | undefined {
  const { lastAttempt } = seen
  const counts = lastAttempt?.inputs === seen.inputs && lastAttempt?.outcome !== 'succeeded'
  return counts ? lastAttempt : failureInHistory(seen)
}

/**
 * What follows from our last attempt with these very inputs, if it failed or died; nothing otherwise, so that a newer commit is
 * never held up by the failure of an older one.
 */
export function decideFailed(seen: ReleaseSeen, now: number): ReleaseAction | undefined {
  const attempt = failureOf(seen)
  if (!attempt) return undefined
  const head = headOf(seen)
  if (head && attempt === seen.lastAttempt && wasReplaced(seen, head)) return undefined
  switch (attempt.outcome) {
    case 'running':
    case 'succeeded':
      return undefined
    case 'dead':
      return decideDead(seen, attempt, head)
    case 'test-failed':
      if (seen.desired.test.ignoreFailures) return undefined
      return remediate(seen, head, attempt) ?? retry(seen, attempt, now)
    case 'failed':
    case 'hook-failed':
      return remediate(seen, head, attempt) ?? retry(seen, attempt, now)
  }
}

/** The worker died: rolled forward at once, unless that release is what kills workers. */
function decideDead(
  seen: ReleaseSeen,
  attempt: Attempt,
  head: HelmRevisionMeta | undefined,
): ReleaseAction | undefined {
  const worked = head?.status === 'deployed' && isOwn(seen, head)
  if (worked) return undefined
  if (attempt.failures >= maxDeaths && seen.asked !== 'retry') {
    const message = `${attempt.failures} attempts in a row ended with the death of their worker.`
    return giveUp(seen, 'release-attempts-died', message)
  }
  const kind = wasInstall(seen) ? 'install' : 'upgrade'
  return { kind, reason: `The last attempt died with its worker; the ${kind} is done again.` }
}
