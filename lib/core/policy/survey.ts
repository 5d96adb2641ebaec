import type { Problem } from '../problem/index.ts'
import { describeConstraint, satisfies, type Constraint } from './constraint.ts'
import { formatPolicy, isUnfollowedLatest, maxTagLength } from './parse-policy.ts'
import type { PolicyDecision, PolicyInput, TagFact } from './types.ts'
import { compareVersions, isLoneInteger, parseVersion, type Version } from './version.ts'

/** What the current tag is worth in the policy's own order; undefined = cannot be ordered. */
export type Standing =
  { by: 'version'; version: Version | undefined; loneIntegers: boolean } | { by: 'time'; time: number | undefined }

export interface Survey {
  decision: PolicyDecision
  standing: Standing
}

/** Milliseconds since the epoch: the later of build and promotion. `null` = known to have none, undefined = unread. */
export function timeOf(fact: TagFact): number | null | undefined {
  if (fact.created === undefined) return undefined
  if (fact.created === null) return fact.promotedAt ?? null
  return fact.promotedAt === undefined ? fact.created : Math.max(fact.created, fact.promotedAt)
}

export function formatTime(milliseconds: number): string {
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : 'a time out of range'
}

/** Reads a tag as version; digits alone count as one only where the running tag is digits alone too (§9.2). */
export function versionOf(tag: string, loneIntegers: boolean): Version | undefined {
  const version = parseVersion(tag)
  return version && (loneIntegers || !isLoneInteger(tag)) ? version : undefined
}

/** Whether a tag may be chosen at all, before the filter is asked. */
export function isEligible(input: PolicyInput, refused: ReadonlySet<string>, fact: TagFact): boolean {
  return (
    fact.vanished !== true &&
    fact.name.length <= maxTagLength &&
    !isUnfollowedLatest(input.policy, fact.name) &&
    !refused.has(fact.name)
  )
}

/** Semver: precedence decides, the greater name breaks a tie (1.10.0 before 1.10). Times are not looked at. */
export function surveyVersions(input: PolicyInput, constraint: Constraint): Survey {
  const { current } = input
  const refused = new Set(input.refused)
  const loneIntegers = current !== undefined && isLoneInteger(current)
  const running = current === undefined ? undefined : versionOf(current, loneIntegers)
  let best: { name: string; version: Version } | undefined
  for (const fact of input.tags) {
    if (!isEligible(input, refused, fact)) continue
    const version = versionOf(fact.name, loneIntegers)
    if (!version || !satisfies(constraint, version)) continue
    const order = best ? compareVersions(version, best.version) : 1
    if (order > 0 || (order === 0 && best && fact.name > best.name)) best = { name: fact.name, version }
  }
  const standing: Standing = { by: 'version', version: running, loneIntegers }
  return { standing, decision: decideVersion(input, constraint, running, best) }
}

function decideVersion(
  { policy, current }: PolicyInput,
  constraint: Constraint,
  running: Version | undefined,
  best: { name: string; version: Version } | undefined,
): PolicyDecision {
  const within = `${policy.expression} (${describeConstraint(constraint)})`
  if (!best) return { kind: 'stay', reason: `no known tag is within ${within}` }
  if (current === undefined)
    return {
      kind: 'move',
      tag: best.name,
      reason: `${best.name} is the newest within ${within}; no tag is written yet`,
    }
  if (best.name === current) return { kind: 'stay', reason: `${current} runs and is the newest within ${within}` }
  if (!running) return blocked(orderUnknown(current, 'is no version', best.name))
  if (compareVersions(best.version, running) > 0) {
    return {
      kind: 'move',
      tag: best.name,
      reason: `${best.name} is the newest within ${within} and newer than ${current}`,
    }
  }
  return { kind: 'stay', reason: `${best.name}, the newest within ${within}, is not newer than ${current}, which runs` }
}

interface Timed {
  fact: TagFact
  time: number
}

/** Glob and regexp: the latest time decides; several images with one time are no order at all (§9.5). */
export function surveyTimes(input: PolicyInput, matches: (tag: string) => boolean): Survey {
  const { current } = input
  const refused = new Set(input.refused)
  const unread: string[] = []
  let matching = 0
  let latest: Timed[] = []
  let listed: TagFact | undefined
  let currentMatches = false
  for (const fact of input.tags) {
    if (fact.name === current) listed = fact
    if (!isEligible(input, refused, fact) || !matches(fact.name)) continue
    matching += 1
    if (fact.name === current) currentMatches = true
    const time = timeOf(fact)
    if (time === undefined) unread.push(fact.name)
    else if (time !== null && (latest.length === 0 || time > (latest[0]?.time ?? 0))) latest = [{ fact, time }]
    else if (time !== null && time === latest[0]?.time) latest.push({ fact, time })
  }
  const running = runningTime(listed, input.currentFact)
  const mustReadCurrent = matching > 0 && !currentMatches && listed !== undefined && listed.vanished !== true
  if (mustReadCurrent && running === undefined) unread.push(listed?.name ?? '')
  const standing: Standing = { by: 'time', time: running ?? undefined }
  if (unread.length > 0) {
    const of = matching + (mustReadCurrent ? 1 : 0)
    const read = of - unread.length
    return { standing, decision: { kind: 'waiting', reason: `reading build times ${read} of ${of}`, read, of, unread } }
  }
  return { standing, decision: decideTime(input, latest, matching, running ?? undefined) }
}

/** Registry listing first, then what was recorded while the tag still existed; the later time of both counts. */
function runningTime(listed: TagFact | undefined, recorded: TagFact | undefined): number | null | undefined {
  const known = [listed, recorded].map((fact) => fact && timeOf(fact))
  const times = known.filter((time) => typeof time === 'number')
  if (times.length > 0) return Math.max(...times)
  return known.includes(null) ? null : undefined
}

function decideTime(
  input: PolicyInput,
  latest: readonly Timed[],
  matching: number,
  running: number | undefined,
): PolicyDecision {
  const { current } = input
  const filter = formatPolicy(input.policy)
  const [first] = latest
  if (!first)
    return {
      kind: 'stay',
      reason: matching === 0 ? `no known tag matches ${filter}` : `no tag that matches ${filter} has a build time`,
    }
  const runs = latest.find(({ fact }) => fact.name === current)
  const ambiguous = new Set(latest.map(({ fact }) => fact.digest ?? fact.name)).size > 1
  const when = formatTime(first.time)
  if (current !== undefined && !runs) {
    if (running === undefined) return blocked(orderUnknown(current, 'has no known build time', first.fact.name))
    if (first.time <= running) {
      const reason = `${first.fact.name}, the latest match of ${filter} (${when}), is not newer than ${current}, which runs (${formatTime(running)})`
      return { kind: 'stay', reason }
    }
  }
  if (ambiguous) return blocked(ambiguousOrder(latest, when))
  if (runs) return { kind: 'stay', reason: `${current} runs and is the latest match of ${filter} (${when})` }
  const tag = latest.map(({ fact }) => fact.name).reduce((a, b) => (b < a ? b : a))
  const than = current === undefined ? 'no tag is written yet' : `newer than ${current}`
  return { kind: 'move', tag, reason: `${tag} is the latest match of ${filter} (${when}); ${than}` }
}

function blocked(problem: Problem): PolicyDecision {
  return { kind: 'blocked', problem }
}

function orderUnknown(current: string, why: string, best: string): Problem {
  return {
    code: 'policy-order-unknown',
    severity: 'error',
    message: `${current}, which runs, ${why}, so ${best} cannot be shown to be newer.`,
    suggestion: `Release ${best} by hand once; automation goes on from there.`,
  }
}

function ambiguousOrder(latest: readonly Timed[], when: string): Problem {
  const names = latest.map(({ fact }) => fact.name).sort()
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '')
  return {
    code: 'policy-order-ambiguous',
    severity: 'error',
    message: `${shown} are different images with one build time (${when}), so none of them is the latest.`,
    suggestion: 'Let the build record when it ran, or use versions as tags and a semver: filter.',
  }
}
