import { decideTag, defaultPolicy, judgeTags, parsePolicy } from '#lib/core/policy/index.ts'
import type { Policy, PolicyDecision, TagVerdict } from '#lib/core/policy/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { ReleaseImage, TagRecord } from '#lib/ports/store/index.ts'

export type JudgedTag = TagRecord & Pick<TagVerdict, 'verdict' | 'reason'>

export interface JudgedContainer {
  decision: PolicyDecision
  /** Newest first by build time, then by first sight, then by name. */
  tags: JudgedTag[]
}

/** The verdict of the automation's own engine on every known tag of a container, by the facts that the automation has. */
export function judgeContainer(image: ReleaseImage, tags: readonly TagRecord[]): JudgedContainer {
  const ordered = tags.toSorted(newestFirst)
  // What was met in the order of the tags may be otherwise by now, and the engine tells it as well.
  const problem = image.met?.by === 'tags' ? undefined : image.problem
  if (problem && !image.met) return unjudged(problem, image, ordered)
  const parsed = image.policy === undefined ? { ok: true as const, policy: defaultPolicy } : parsePolicy(image.policy)
  if (!parsed.ok) return unjudged(parsed.problem, image, ordered)
  const found = judged(image, ordered, parsed.policy)
  return problem ? blockedBy(problem, found) : found
}

function judged(image: ReleaseImage, ordered: readonly TagRecord[], policy: Policy): JudgedContainer {
  const facts = ordered.map(({ name, created, digest, vanishedAt }) => ({
    name,
    created,
    digest,
    vanished: vanishedAt !== undefined,
  }))
  const input = {
    policy,
    current: image.tag,
    currentFact: facts.find((fact) => fact.name === image.tag),
    tags: facts,
    refused: image.refusedTags,
  }
  const verdicts = new Map(judgeTags(input).map((verdict) => [verdict.tag, verdict]))
  const tags = ordered.map((tag) => {
    const { verdict = 'unparseable' as const, reason = '' } = verdicts.get(tag.name) ?? {}
    return { ...tag, verdict, reason }
  })
  return { decision: decideTag(input), tags }
}

/** No filter is known to be meant, so that none is asked. */
function unjudged(problem: Problem, image: ReleaseImage, ordered: readonly TagRecord[]): JudgedContainer {
  const tags = ordered.map((tag) =>
    tag.name === image.tag
      ? { ...tag, verdict: 'current' as const, reason: `${tag.name} runs` }
      : { ...tag, verdict: 'not-matched' as const, reason: problem.message },
  )
  return { decision: { kind: 'blocked', problem }, tags }
}

/** The filter would choose, and what it chooses cannot be written. */
function blockedBy(problem: Problem, { tags }: JudgedContainer): JudgedContainer {
  const shown = tags.map((tag) =>
    tag.verdict === 'selected'
      ? { ...tag, verdict: 'outranked' as const, reason: `${tag.reason}; not written: ${problem.message}` }
      : tag,
  )
  return { decision: { kind: 'blocked', problem }, tags: shown }
}

function newestFirst(a: TagRecord, b: TagRecord): number {
  return (b.created ?? 0) - (a.created ?? 0) || b.firstSeenAt - a.firstSeenAt || (a.name < b.name ? -1 : 1)
}
