import type { Problem } from '../problem/index.ts'
import { decideTag } from './decide-tag.ts'
import { judgeTags } from './judge-tags.ts'
import { parsePolicy } from './parse-policy.ts'
import { foldScan, type ScannedTag } from './scanned-tags.ts'
import type { Policy, TagFact } from './types.ts'

export interface PastScan {
  /** Milliseconds since the epoch. */
  at: number
  tags: Readonly<Record<string, ScannedTag>>
}

export interface PastMove {
  at: number
  /** Absent = the first choice. */
  from?: string
  to: string
  reason: string
  /** It was left before, and is come back to. */
  again: boolean
}

export interface PastSimulation {
  /** When the first scan ended that is looked at; absent = there was none. */
  since?: number
  /** Oldest first. */
  moves: PastMove[]
  /** Tags the filter ever matched. */
  matched: number
  /** Of these, how many are left out: the filter needs their build times, and nobody ever read them. */
  unread: number
  problem?: Problem
}

/** What a filter would have chosen, scan by scan, had it been in force since the first and each choice been taken at once. */
export function simulateOverTime(pattern: string, scans: readonly PastScan[]): PastSimulation {
  const since = scans[0] ? { since: scans[0].at } : {}
  const parsed = parsePolicy(pattern)
  if (!parsed.ok) return { ...since, moves: [], matched: 0, unread: 0, problem: parsed.problem }
  const { policy } = parsed
  const matches = matcher(policy)
  const isPlaced = ({ created }: TagFact) => policy.kind === 'semver' || created !== undefined
  const moves: PastMove[] = []
  let known = new Map<string, TagFact>()
  for (const { at, tags: found } of scans) {
    const matching = Object.fromEntries(Object.entries(found).filter(([name]) => matches(name)))
    if (Object.keys(matching).length === 0) continue
    known = foldScan(known, matching)
    const from = moves.at(-1)?.to
    // One without a build time that was read would only hold up what can be told.
    const tags = [...known.values()].filter(isPlaced)
    const decision = decideTag({ policy, tags, ...currentOf(known, from) })
    if (decision.kind !== 'move') continue
    const again = moves.some(({ to }) => to === decision.tag)
    moves.push({ at, ...(from === undefined ? {} : { from }), to: decision.tag, reason: decision.reason, again })
  }
  const unread = [...known.values()].filter((fact) => !isPlaced(fact)).length
  return { ...since, moves, matched: known.size, unread }
}

function currentOf(known: ReadonlyMap<string, TagFact>, current: string | undefined) {
  const currentFact = current === undefined ? undefined : known.get(current)
  return { ...(current === undefined ? {} : { current }), ...(currentFact ? { currentFact } : {}) }
}

/** Whether the filter is about a tag at all, whatever else there is; each name is looked at once. */
function matcher(policy: Policy): (name: string) => boolean {
  const known = new Map<string, boolean>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const verdict = judgeTags({ policy, tags: [{ name, created: 0 }] })[0]?.verdict
    const isMatch = verdict !== 'not-matched' && verdict !== 'unparseable'
    known.set(name, isMatch)
    return isMatch
  }
}
