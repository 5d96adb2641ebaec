import { decideTag, judgeTags, type PolicyInput, type TagFact, type TagVerdict } from '../policy/index.ts'
import type { WhyNotGate, WhyNotSeen, WhyNotStep } from './types.ts'

type Filter = Extract<WhyNotSeen['filter'], { kind: 'filter' }>

/** What registry and filter say of a tag, by the engine that automates; each gate for itself. */
export function tagSteps(seen: WhyNotSeen): WhyNotStep[] {
  return [seenInRegistry(seen), buildTime(seen), filtered(seen), newest(seen), notRefused(seen)]
}

export function step(
  gate: WhyNotGate,
  verdict: WhyNotStep['verdict'],
  evidence: string,
  nextEvaluation?: number,
): WhyNotStep {
  return { gate, verdict, evidence, ...(nextEvaluation === undefined ? {} : { nextEvaluation }) }
}

function seenInRegistry({ registry, tag }: WhyNotSeen): WhyNotStep {
  const gate = 'seen'
  switch (registry.kind) {
    case 'listed':
      return step(gate, 'passed', `Seen in the registry since ${time(registry.firstSeenAt)}.`)
    case 'vanished':
      return step(gate, 'blocked', `The registry no longer lists ${tag} since ${time(registry.at)}.`)
    case 'unreachable':
      return step(gate, 'blocked', `The registry cannot be read: ${registry.reason}`, registry.nextScanAt)
    case 'absent': {
      const { scannedAt, nextScanAt } = registry
      if (scannedAt === undefined) return step(gate, 'pending', 'The registry has not been read yet.', nextScanAt)
      return step(gate, 'blocked', `The registry had no ${tag} at ${time(scannedAt)}.`, nextScanAt)
    }
  }
}

function buildTime({ filter, tag, registry }: WhyNotSeen): WhyNotStep {
  const gate = 'build-time'
  if (filter.kind === 'problem') return step(gate, 'unknown', 'Which order counts is not known without a filter.')
  if (filter.policy.kind === 'semver') return step(gate, 'passed', 'Versions are ordered without build times.')
  const created = factOf(filter, tag)?.created
  if (created === undefined) {
    const next = registry.kind === 'absent' || registry.kind === 'unreachable' ? registry.nextScanAt : undefined
    return step(gate, 'pending', `The build time of ${tag} is not read yet.`, next)
  }
  if (created === null) return step(gate, 'blocked', `${tag} has no build time, so it cannot be ordered.`)
  return step(gate, 'passed', `Built at ${time(created)}.`)
}

function filtered({ filter, tag }: WhyNotSeen): WhyNotStep {
  const gate = 'filter'
  if (filter.kind === 'problem') return step(gate, 'blocked', filter.problem.message)
  const written = `${filter.policy.kind}:${filter.policy.expression}`
  const verdict = judgeAlone(filter, tag)
  if (verdict && isOutside(verdict)) return step(gate, 'blocked', `${verdict.reason}.`)
  return step(gate, 'passed', `${tag} matches ${written}.`)
}

function newest({ filter, tag, refused }: WhyNotSeen): WhyNotStep {
  const gate = 'newest'
  const untold = (why: string): WhyNotStep => step(gate, 'unknown', `It is not compared: ${why}.`)
  if (filter.kind === 'problem') return untold('the filter is wrong')
  if (filter.current === tag) return step(gate, 'passed', `${tag} is what Git says.`)
  const fact = factOf(filter, tag)
  if (!fact) return untold('the registry does not list it')
  const outside = judgeAlone(filter, tag)
  if (outside && isOutside(outside)) return untold('it does not match the filter')
  // It is judged as if it were there and allowed; other gates say that it is not.
  const tags = filter.tags.map((other) => (other === fact ? { ...fact, vanished: false } : other))
  const input = { ...inputOf(filter), tags, refused: refused.filter((name) => name !== tag) }
  const verdict = judgeTags(input).find((judged) => judged.tag === tag)
  switch (verdict?.verdict) {
    case 'selected':
    case 'current':
      return step(gate, 'passed', `${verdict.reason}.`)
    case 'older':
    case 'outranked':
      // Nothing is chosen until all build times are known, which comes by itself.
      return step(gate, decideTag(input).kind === 'waiting' ? 'pending' : 'blocked', `${verdict.reason}.`)
    case 'no-build-time':
      return untold('it has no build time')
    case 'time-unread':
      return step(gate, 'pending', `${verdict.reason}.`)
    case 'not-matched':
    case 'unparseable':
    case 'refused':
    case 'vanished':
    case undefined:
      return untold(verdict?.reason ?? 'it is not listed')
  }
}

function notRefused({ refused, tag, container }: WhyNotSeen): WhyNotStep {
  return refused.includes(tag)
    ? step('not-refused', 'blocked', `${tag} is refused for ${container} by the wheelhouse.dev/refuse annotation.`)
    : step('not-refused', 'passed', `${tag} is not refused.`)
}

/** The tag by itself, with a build time, so that nothing but the filter can speak against it. */
function judgeAlone(filter: Filter, tag: string): TagVerdict | undefined {
  const fact: TagFact = {
    ...factOf(filter, tag),
    name: tag,
    created: factOf(filter, tag)?.created ?? 0,
    vanished: false,
  }
  // What runs matters only for whether numbers alone are versions.
  const { current, currentFact, ...rest } = inputOf(filter)
  const running = current === undefined || current === tag ? {} : { current, currentFact }
  return judgeTags({ ...rest, ...running, tags: [fact] })[0]
}

function inputOf({ policy, current, currentFact, tags }: Filter): PolicyInput {
  return { policy, tags, ...(current === undefined ? {} : { current }), ...(currentFact ? { currentFact } : {}) }
}

function factOf(filter: Filter, tag: string): TagFact | undefined {
  return filter.tags.find(({ name }) => name === tag)
}

function isOutside({ verdict }: TagVerdict): boolean {
  return verdict === 'not-matched' || verdict === 'unparseable'
}

export function time(instant: number): string {
  return Math.abs(instant) <= 8.64e15 ? new Date(instant).toISOString().replace('.000Z', 'Z') : 'a time out of range'
}
