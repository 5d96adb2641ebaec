import { explainHealth, explainStuck } from '#lib/core/release/index.ts'
import type { ReleaseSeen, StuckExplanation } from '#lib/core/release/index.ts'
import type { AttemptRecord, ReleaseRecord, RevisionRecord } from '#lib/ports/store/index.ts'

type Diagnosed = Pick<ReleaseRecord, 'phase' | 'problems' | 'health' | 'healthReason' | 'revision'>

/** What is wrong with a release and what gets it going again; nothing for one that is well, or under way. Newest first. */
export function diagnoseRelease(
  release: Diagnosed,
  revisions: readonly RevisionRecord[],
  attempts: readonly AttemptRecord[],
): StuckExplanation | undefined {
  const pending = release.problems.some(({ code }) => code === 'release-pending')
  if (release.phase === 'failed' || pending) {
    // A rollback or an unlock cleans up after the run that failed; that one is what is asked about.
    const attempt = attempts.find(({ action }) => action === 'install' || action === 'upgrade' || action === 'test')
    const history = revisions.map(({ updatedAt, ...revision }) => ({ ...revision, modifiedAt: updatedAt }))
    const told = explainStuck(history, attempt && outcomeOf(attempt))
    if (told) return retriesByItself(release) ? { ...told, next: `${goesOn} ${told.next}` } : told
  }
  if (release.phase !== 'deployed' && release.phase !== 'observed') return undefined
  return explainHealth({ kind: release.health, reason: release.healthReason }, release.revision)
}

const goesOn = 'It is tried again by itself, later each time.'

/** Giving up leaves a problem behind. */
function retriesByItself({ phase, problems }: Diagnosed): boolean {
  return phase === 'failed' && !problems.some(({ code }) => code.startsWith('release-'))
}

function outcomeOf(attempt: AttemptRecord): NonNullable<ReleaseSeen['lastAttempt']> {
  const { id, state, inputs, failures, endedAt, message, operation, revision } = attempt
  return { id, outcome: state, inputs, failures, endedAt, message, operation, revision }
}
