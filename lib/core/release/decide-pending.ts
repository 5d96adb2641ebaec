import { isOwn, isPending } from './release-history.ts'
import type { HelmRevisionMeta, ReleaseAction, ReleaseSeen } from './types.ts'

/** A problem of this release's document. */
export function blocked(seen: ReleaseSeen, code: string, message: string, suggestion: string): ReleaseAction {
  const { path, line, id: subject } = seen.desired
  return { kind: 'blocked', problem: { code, severity: 'error', message, suggestion, path, line, subject } }
}

/** Begun and not ended, as far as Helm's record goes. */
export function isUnended(revision: HelmRevisionMeta): boolean {
  return isPending(revision) || revision.status === 'uninstalling'
}

/** A revision someone began and did not end: ours if proven dead is freed at once, anyone else's only by a person (§9.26). */
export function decidePending(
  seen: ReleaseSeen,
  head: HelmRevisionMeta,
  { own = isOwn(seen, head), otherwise = 'nothing can be done' }: { own?: boolean; otherwise?: string } = {},
): ReleaseAction {
  const what = `Revision ${head.revision} is ${head.status}`
  const unlock = (why: string): ReleaseAction => ({ kind: 'unlock', revision: head.revision, reason: `${what}${why}` })
  if (own) return unlock(', and the attempt that made it has ended.')
  if (seen.asked === 'unlock') return unlock('; a person asked to unlock it.')
  const message = `${what} and was begun by someone else; ${otherwise} until it ends.`
  return blocked(seen, 'release-pending', message, 'If nobody runs helm on this release any more, unlock it.')
}
