import type { PromotionWay } from '../pipeline/types.ts'
import type { Policy } from '../policy/types.ts'
import { matchesPolicy } from './name-tag.ts'

/**
 * How images reach the target: as was asked for, else as `wheelhouse.yaml` says, else as they are where the target's filters would take their
 * tags, else by re-tagging, so that automation there goes on from them.
 */
export function chooseWay(
  { asked, written }: { asked: PromotionWay | undefined; written: PromotionWay | undefined },
  containers: readonly { container: string; tag: string; policy?: Policy }[],
): { way: PromotionWay; reason: string } {
  if (asked !== undefined) return { way: asked, reason: `The way ${asked} was asked for.` }
  if (written !== undefined) return { way: written, reason: 'wheelhouse.yaml says so.' }
  const other = containers.find(({ tag, policy }) => policy && !matchesPolicy(policy, tag))
  if (!other?.policy) return { way: 'commit', reason: 'The filters of the target take the tags as they are.' }
  const filter = `${other.policy.kind}:${other.policy.expression}`
  return { way: 'retag', reason: `${filter} does not take ${other.tag} for ${other.container}.` }
}
