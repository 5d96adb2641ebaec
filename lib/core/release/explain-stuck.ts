import type { HelmRevisionMeta, ReleaseSeen } from './types.ts'

/** A stuck or failed release in words, and the one thing that gets it going again. */
export interface StuckExplanation {
  what: string
  why: string
  next: string
  /** What the page offers as its one click; `none` = Wheelhouse goes on by itself, or only Git can help. */
  offer: 'retry' | 'unlock' | 'none'
}

type Attempt = NonNullable<ReleaseSeen['lastAttempt']>

const doing: Partial<Record<HelmRevisionMeta['status'], string>> = {
  'pending-install': 'installed',
  'pending-upgrade': 'upgraded to',
  'pending-rollback': 'rolled back to',
  uninstalling: 'uninstalled',
}

function explainPending(head: HelmRevisionMeta, own: boolean, attempt: Attempt | undefined): StuckExplanation {
  const what = `Revision ${head.revision} was being ${doing[head.status] ?? 'worked on'} when its helm stopped.`
  if (own && attempt?.outcome === 'running') {
    return {
      what: `Revision ${head.revision} is being ${doing[head.status]} now.`,
      why: 'helm is still running.',
      next: 'Nothing: it ends by itself.',
      offer: 'none',
    }
  }
  if (own) {
    const why = 'It was our own attempt, and the process that made it is proven dead.'
    return { what, why, next: 'Nothing: it is unlocked and done again at once.', offer: 'none' }
  }
  const why = 'Someone else began it. Helm refuses every other command on this release until that one ends.'
  return { what, why, next: 'Make sure nobody is running helm on it any more, then unlock it.', offer: 'unlock' }
}

/** The revision that the attempt made; one that left none is named by what it wanted. */
function placeOf(attempt: Attempt, head: HelmRevisionMeta | undefined): string {
  if (attempt.revision !== undefined) return `Revision ${attempt.revision}`
  if (!head) return 'The installation'
  return head.operation === attempt.operation ? `Revision ${head.revision}` : 'The upgrade'
}

function explainAttempt(attempt: Attempt, head: HelmRevisionMeta | undefined): StuckExplanation | undefined {
  const where = placeOf(attempt, head)
  const said = attempt.message ?? 'Helm gave no reason.'
  switch (attempt.outcome) {
    case 'running':
    case 'succeeded':
      return undefined
    case 'dead':
      return {
        what: `${where} was cut short.`,
        why: 'The worker died during the attempt.',
        next: 'Nothing: it is done again.',
        offer: 'none',
      }
    case 'hook-failed':
      return {
        what: `A hook of ${where.toLowerCase()} failed.`,
        why: said,
        next: 'Look at the logs of the hook: hooks may have half done their work, so they are not run again unasked.',
        offer: 'retry',
      }
    case 'test-failed':
      return {
        what: `The tests of ${where.toLowerCase()} failed.`,
        why: said,
        next: 'Correct it in Git, or test again.',
        offer: 'retry',
      }
    case 'failed': {
      const often = attempt.failures > 1 ? `, ${attempt.failures} times in a row` : ''
      return { what: `${where} failed${often}.`, why: said, next: 'Correct it in Git, or try again.', offer: 'retry' }
    }
  }
}

/** Nothing for a release that is neither stuck nor failed. `history` is newest first. */
export function explainStuck(
  history: readonly HelmRevisionMeta[],
  lastAttempt?: Attempt,
): StuckExplanation | undefined {
  const [head] = history
  const own = head !== undefined && lastAttempt !== undefined && head.attempt === lastAttempt.id
  // What our own attempt said counts more than a status that Helm had no time to correct.
  const ended = own && lastAttempt.outcome !== 'running' && lastAttempt.outcome !== 'dead'
  if (head && doing[head.status] !== undefined && !ended) return explainPending(head, own, lastAttempt)
  const foreign = head !== undefined && !own && head.status === 'deployed' && lastAttempt?.outcome !== 'failed'
  const told = lastAttempt && !foreign ? explainAttempt(lastAttempt, head) : undefined
  if (told) return told
  if (head?.status !== 'failed') return undefined
  return {
    what: `Revision ${head.revision} failed.`,
    why: 'It was made by someone else, so the reason is only in its description.',
    next: 'Upgrade it from Git, or look at helm history.',
    offer: 'retry',
  }
}
