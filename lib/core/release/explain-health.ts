import type { ReleaseHealth } from './health-types.ts'
import type { StuckExplanation } from './explain-stuck.ts'

/** A release that Helm deployed and whose pods do not come up, in words; nothing for any other. */
export function explainHealth(
  health: Pick<ReleaseHealth, 'kind' | 'reason'>,
  revision: number | undefined,
): StuckExplanation | undefined {
  const where = revision === undefined ? 'It' : `Revision ${revision}`
  switch (health.kind) {
    case 'failing':
      return {
        what: `${where} is deployed, but not all of its pods run.`,
        why: health.reason,
        next: 'Nothing, if the cause passes by itself; else correct it in Git, or release an older tag.',
        offer: 'none',
      }
    case 'stuck':
      return {
        what: `${where} is deployed, and its pods will not come up by themselves.`,
        why: health.reason,
        next: 'Correct it in Git, or release an older tag.',
        offer: 'none',
      }
    case 'healthy':
    case 'progressing':
    case 'unknown':
      return undefined
  }
}
