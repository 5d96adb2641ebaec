import { canonicalDigest } from '#lib/core/audit/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { isAtSource, type SourceMerge } from '#lib/core/promotion/index.ts'
import type { SourceHost } from '#lib/ports/source-host.ts'
import type { PromotionRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { guardInForce } from './guards.ts'
import { authorsOf, comparedWith } from './make-merge.ts'
import type { PromotionPlanned } from './plan-promotion.ts'
import { sourceHostOf } from './source-of.ts'

type Merging = Pick<PromotionRecord, 'environment' | 'application'> & { facts: { sourceMerge?: SourceMerge } }

/**
 * The plan of a promotion that is still about the source: what would be merged, as the branches stand now. It shows nothing of
 * the cluster, where it changes nothing; the image that comes of it gets a plan of its own.
 */
export async function planMerge(
  deps: WorkerDeps,
  _target: ReleaseRecord,
  promotion: Merging,
): Promise<PromotionPlanned> {
  const { sourceMerge: before } = promotion.facts
  if (!isAtSource(before)) throw new Fault('internal', 'There is nothing to merge.')
  const merge = before.merged ? before : await mergeNow(sourceHostOf(deps, promotion.application), before)
  const digest = mergeDigest(deps, promotion, merge)
  return {
    kind: 'planned',
    facts: { sourceMerge: merge, authors: authorsOf(merge) },
    plan: { digest, plan: { objects: [], hooks: [], risks: [] }, edits: [], chartVersion: '' },
  }
}

async function mergeNow(host: SourceHost, before: SourceMerge): Promise<SourceMerge> {
  const [head, base] = await Promise.all([
    before.ran ? before.head.commit : host.branchHead(before.head.branch),
    host.branchHead(before.base.branch),
  ])
  if (head === before.head.commit && base === before.base.commit) return before
  if (head === undefined || base === undefined) {
    const gone = head === undefined ? before.head.branch : before.base.branch
    throw new Fault('conflict', `${host.name} no longer has the branch ${gone}.`)
  }
  return {
    ...before,
    head: { ...before.head, commit: head },
    base: { ...before.base, commit: base },
    ...comparedWith(await host.compare(base, head)),
  }
}

/** What an approval binds: both heads, what CI is to build, the gates. Who wrote what follows from the heads. */
function mergeDigest(
  deps: WorkerDeps,
  { environment, application }: Merging,
  { repository, head, base, awaits, tag }: SourceMerge,
): string {
  const { gates } = guardInForce(deps, { environment, application }).inForce
  return canonicalDigest({ way: 'merge', repository, head, base, awaits, tag: tag ?? null, gates })
}
