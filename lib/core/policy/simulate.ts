import type { Problem } from '../problem/index.ts'
import { judge } from './judge-tags.ts'
import { parsePolicy } from './parse-policy.ts'
import type { TagVerdict } from './types.ts'

export interface SimulatedTag {
  name: string
  /** RFC 3339 text or milliseconds since the epoch. Absent, null or unreadable = the tag has no build time. */
  created?: string | number | null
  digest?: string
}

export interface Simulation {
  /** The tag automation would move to; null = it would stay where it is, or could not choose. */
  selected: string | null
  verdicts: TagVerdict[]
  problem?: Problem
}

/** What a filter would select, by the engine that automates. Nothing is read: a time not given counts as absent. */
export function simulate(pattern: string, current: string | undefined, tags: readonly SimulatedTag[]): Simulation {
  const parsed = parsePolicy(pattern)
  if (!parsed.ok) {
    const verdicts = tags.map(({ name }): TagVerdict => ({
      tag: name,
      verdict: 'not-matched',
      reason: parsed.problem.message,
    }))
    return { selected: null, verdicts, problem: parsed.problem }
  }
  const facts = tags.map(({ name, created, digest }) => ({ name, created: milliseconds(created), digest }))
  const { decision, verdicts } = judge({ policy: parsed.policy, current, tags: facts })
  if (decision.kind === 'blocked') return { selected: null, verdicts, problem: decision.problem }
  return { selected: decision.kind === 'move' ? decision.tag : null, verdicts }
}

function milliseconds(created: string | number | null | undefined): number | null {
  const time = typeof created === 'string' ? Date.parse(created) : created
  return typeof time === 'number' && Number.isFinite(time) ? time : null
}
