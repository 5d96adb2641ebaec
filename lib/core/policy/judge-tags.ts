import { describeConstraint, refusedAsPreRelease, satisfies, type Constraint } from './constraint.ts'
import { survey } from './decide-tag.ts'
import { compilePolicy, formatPolicy, isUnfollowedLatest, maxTagLength, type CompiledPolicy } from './parse-policy.ts'
import { formatTime, timeOf, versionOf, type Survey } from './survey.ts'
import type { PolicyDecision, PolicyInput, TagFact, TagVerdict, TagVerdictKind } from './types.ts'
import { compareVersions, formatVersion, isLoneInteger, parseVersion } from './version.ts'

/** One verdict per tag, in the order given, from the same survey that decides. */
export function judgeTags(input: PolicyInput): TagVerdict[] {
  return judge(input).verdicts
}

export function judge(input: PolicyInput): { decision: PolicyDecision; verdicts: TagVerdict[] } {
  const compiled = compilePolicy(input.policy)
  if (!compiled.ok) {
    const verdicts = input.tags.map(({ name }) => verdict(name, 'not-matched', compiled.problem.message))
    return { decision: { kind: 'blocked', problem: compiled.problem }, verdicts }
  }
  const surveyed = survey(input, compiled)
  const refused = new Set(input.refused)
  const judgeMatch = matcher(input, compiled, surveyed)
  const verdicts = input.tags.map((fact) => judgeApart(input, surveyed.decision, refused, fact) ?? judgeMatch(fact))
  return { decision: surveyed.decision, verdicts }
}

/** Verdicts that do not depend on the order of tags. */
function judgeApart(
  { policy, current }: PolicyInput,
  decision: PolicyDecision,
  refused: ReadonlySet<string>,
  { name, vanished }: TagFact,
): TagVerdict | undefined {
  if (name === current) {
    return verdict(
      name,
      'current',
      vanished === true ? `${name} runs; the registry no longer lists it` : `${name} runs`,
    )
  }
  if (decision.kind === 'move' && decision.tag === name) return verdict(name, 'selected', decision.reason)
  if (vanished === true) return verdict(name, 'vanished', `the registry no longer lists ${name}`)
  if (refused.has(name)) return verdict(name, 'refused', `${name} is refused by the wheelhouse.dev/refuse annotation`)
  if (name.length > maxTagLength) {
    return verdict(
      name,
      'not-matched',
      `${name.slice(0, 20)}… has ${name.length} characters; a tag has ${maxTagLength} at most`,
    )
  }
  if (isUnfollowedLatest(policy, name)) {
    return verdict(
      name,
      'not-matched',
      `${name} says nothing about what it holds; only the filter glob:latest follows it`,
    )
  }
  return undefined
}

function matcher(
  input: PolicyInput,
  compiled: Extract<CompiledPolicy, { ok: true }>,
  surveyed: Survey,
): (fact: TagFact) => TagVerdict {
  return compiled.order === 'version'
    ? versionJudge(input, compiled.constraint, surveyed)
    : timeJudge(input, compiled.matches, surveyed)
}

function versionJudge(
  input: PolicyInput,
  constraint: Constraint,
  { decision, standing }: Survey,
): (fact: TagFact) => TagVerdict {
  const running = standing.by === 'version' ? standing.version : undefined
  const loneIntegers = standing.by === 'version' && standing.loneIntegers
  const within = `${input.policy.expression} (${describeConstraint(constraint)})`
  const outranked = whyOutranked(decision)
  return ({ name }) => {
    const version = versionOf(name, loneIntegers)
    if (!version) return verdict(name, 'unparseable', whyUnparseable(name))
    if (!satisfies(constraint, version)) {
      const preRelease = refusedAsPreRelease(constraint, version)
      const because = preRelease ? `is a pre-release, which ${within} does not name` : `is outside ${within}`
      return verdict(name, 'not-matched', `${name} ${because}`)
    }
    if (running && compareVersions(version, running) <= 0) {
      return verdict(name, 'older', `${name} is not newer than ${formatVersion(running)}, which runs`)
    }
    return verdict(name, 'outranked', `${name} is within ${within}, ${outranked}`)
  }
}

function whyUnparseable(tag: string): string {
  return isLoneInteger(tag) && parseVersion(tag)
    ? `${tag} is a lone number, which counts as a version only where one runs`
    : `${tag} is no version`
}

function timeJudge(
  input: PolicyInput,
  matches: (tag: string) => boolean,
  { decision, standing }: Survey,
): (fact: TagFact) => TagVerdict {
  const running = standing.by === 'time' ? standing.time : undefined
  const filter = formatPolicy(input.policy)
  const outranked = whyOutranked(decision)
  return (fact) => {
    const { name } = fact
    if (!matches(name)) return verdict(name, 'not-matched', `${name} does not match ${filter}`)
    const time = timeOf(fact)
    if (time === undefined) return verdict(name, 'time-unread', `the build time of ${name} is not read yet`)
    if (time === null) return verdict(name, 'no-build-time', `${name} has no build time, so it cannot be ordered`)
    // Of several latest with one time, one of which runs, none is older: the order is unknown.
    const tied = decision.kind === 'blocked' && time === running
    if (running !== undefined && time <= running && !tied) {
      return verdict(
        name,
        'older',
        `${name} (${formatTime(time)}) is not newer than ${input.current}, which runs (${formatTime(running)})`,
      )
    }
    return verdict(name, 'outranked', `${name} (${formatTime(time)}) matches ${filter}, ${outranked}`)
  }
}

function whyOutranked(decision: PolicyDecision): string {
  switch (decision.kind) {
    case 'move':
      return `but ${decision.tag} comes first`
    case 'stay':
      return 'but what runs comes first'
    case 'waiting':
      return `but nothing is chosen until all build times are known (${decision.reason})`
    case 'blocked':
      return `but nothing is chosen: ${decision.problem.message}`
  }
}

function verdict(tag: string, kind: TagVerdictKind, reason: string): TagVerdict {
  return { tag, verdict: kind, reason }
}
