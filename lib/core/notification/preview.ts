import { matchesRule, type RuleScope } from './match.ts'
import type { Incident } from './types.ts'

/** What a rule would have come to on incidents of the past. */
export interface RulePreview<T extends Incident> {
  /** Of how many. */
  looked: number
  matched: number
  /** The newest of those it would have told, at most 20. */
  shown: T[]
  /** How many of them are of each kind, most first. */
  kinds: { kind: string; count: number }[]
}

const shownAtMost = 20

/** `incidents`: newest first. Silences are left out: what a rule is about does not depend on who was asleep. */
export function previewRule<T extends Incident>(rule: RuleScope, incidents: readonly T[]): RulePreview<T> {
  const matched = incidents.filter((incident) => matchesRule(rule, incident))
  const kinds = [...Map.groupBy(matched, ({ kind }) => kind)]
    .map(([kind, of]) => ({ kind, count: of.length }))
    .sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1))
  return { looked: incidents.length, matched: matched.length, shown: matched.slice(0, shownAtMost), kinds }
}
