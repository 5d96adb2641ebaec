import type { Revision } from '#lib/api/release-schemas.ts'

/** Revisions that worked, came from a commit and are not what is deployed; newest first. */
export function canGoBackTo(revisions: readonly Revision[], deployed: number | undefined): Revision[] {
  return revisions.filter(
    ({ revision, status, commit }) =>
      commit !== undefined && revision !== deployed && (status === 'superseded' || status === 'deployed'),
  )
}
