import { decideTag, defaultPolicy, judgeTags, parsePolicy } from '#lib/core/policy/index.ts'
import type { PolicyDecision, TagVerdict } from '#lib/core/policy/index.ts'
import type { ReleaseImage, TagRecord } from '#lib/ports/store/index.ts'

export type JudgedTag = TagRecord & Pick<TagVerdict, 'verdict' | 'reason'>

export interface JudgedContainer {
  decision: PolicyDecision
  /** Newest first by build time, then by first sight, then by name. */
  tags: JudgedTag[]
}

/** The verdict of the automation's own engine on every known tag of a container. */
export function judgeContainer(image: ReleaseImage, tags: readonly TagRecord[]): JudgedContainer {
  const parsed = image.policy === undefined ? { ok: true as const, policy: defaultPolicy } : parsePolicy(image.policy)
  const ordered = tags.toSorted(newestFirst)
  if (!parsed.ok) {
    const { problem } = parsed
    const unjudged = ordered.map((tag) => ({ ...tag, verdict: 'not-matched' as const, reason: problem.message }))
    return { decision: { kind: 'blocked', problem }, tags: unjudged }
  }
  const facts = ordered.map(({ name, created, digest, vanishedAt }) => ({
    name,
    created,
    digest,
    vanished: vanishedAt !== undefined,
  }))
  const input = {
    policy: parsed.policy,
    current: image.tag,
    currentFact: facts.find((fact) => fact.name === image.tag),
    tags: facts,
  }
  const verdicts = new Map(judgeTags(input).map((verdict) => [verdict.tag, verdict]))
  const judged = ordered.map((tag) => {
    const { verdict = 'unparseable' as const, reason = '' } = verdicts.get(tag.name) ?? {}
    return { ...tag, verdict, reason }
  })
  return { decision: decideTag(input), tags: judged }
}

function newestFirst(a: TagRecord, b: TagRecord): number {
  return (b.created ?? 0) - (a.created ?? 0) || b.firstSeenAt - a.firstSeenAt || (a.name < b.name ? -1 : 1)
}
