import { formatInstant } from './freeze.ts'
import { sentence } from '../problem/index.ts'
import type { GateInput, GateResult, SourceSeen, WhoCould } from './types.ts'

type SourceGate = 'health' | 'soak'
type Verdict =
  | { verdict: 'passed' | 'refused'; evidence: string }
  | { verdict: 'waiting'; evidence: string; nextEvaluation?: number }

/** The gates that ask the environment on the left: one source that passes is enough, else the one nearest to it is told. */
export function evaluateSource(gate: SourceGate, input: GateInput, now: number, who: WhoCould[]): GateResult {
  const judged = judgeSources(gate, input, now)
  switch (judged.verdict) {
    case 'passed':
      return { gate, ...judged, verdict: 'passed' }
    case 'waiting':
      return { gate, ...judged, whoCould: who }
    case 'refused':
      return { gate, ...judged, verdict: 'refused', whoCould: who }
  }
}

function judgeSources(gate: SourceGate, input: GateInput, now: number): Verdict {
  if (input.carries.length === 0) {
    return { verdict: 'passed', evidence: 'It brings no image and no chart that could have run elsewhere before.' }
  }
  if (input.sources.length === 0) {
    return {
      verdict: 'refused',
      evidence: `${input.environment} is promoted from nowhere, so nothing can ${gate === 'soak' ? 'soak' : 'be healthy'} there first.`,
    }
  }
  const verdicts = input.sources.map((source) =>
    gate === 'health' ? judgeHealth(source) : judgeSoak(source, input.gates.soakMs, now),
  )
  return verdicts.reduce((best, other) => (nearness(other) > nearness(best) ? other : best))
}

/** Passed before waiting, waiting before refused; of two that wait, the one that ends sooner. */
function nearness(verdict: Verdict): number {
  switch (verdict.verdict) {
    case 'passed':
      return Number.POSITIVE_INFINITY
    case 'refused':
      return Number.NEGATIVE_INFINITY
    case 'waiting':
      return verdict.nextEvaluation === undefined ? -Number.MAX_VALUE : -verdict.nextEvaluation
  }
}

function judgeHealth(source: SourceSeen): Verdict {
  const { environment } = source
  switch (source.kind) {
    case 'runs': {
      const { kind, reason, since } = source.health
      if (kind === 'healthy') {
        return {
          verdict: 'passed',
          evidence: `Healthy in ${environment} since ${formatInstant(since)}: ${sentence(reason)}`,
        }
      }
      return { verdict: 'waiting', evidence: `Not healthy in ${environment} (${kind}): ${sentence(reason)}` }
    }
    case 'ran':
      return source.healthyMs > 0
        ? {
            verdict: 'passed',
            evidence: `It was healthy in ${environment} until something newer came at ${formatInstant(source.until)}.`,
          }
        : {
            verdict: 'refused',
            evidence: `It never was healthy in ${environment}, where something newer runs since ${formatInstant(source.until)}.`,
          }
    case 'never':
    case 'gone':
    case 'unknown':
      return judgeAbsent(source)
  }
}

function judgeSoak(source: SourceSeen, soakMs: number, now: number): Verdict {
  const { environment } = source
  const wanted = formatDuration(soakMs)
  switch (source.kind) {
    case 'runs': {
      const { health } = source
      if (health.kind !== 'healthy') {
        return {
          verdict: 'waiting',
          evidence: `The ${wanted} begin when it is healthy in ${environment}: ${sentence(health.reason)}`,
        }
      }
      const since = Math.max(source.since, health.since)
      const end = since + soakMs
      const from = `since ${formatInstant(since)}`
      if (now >= end)
        return { verdict: 'passed', evidence: `Healthy in ${environment} ${from}, longer than ${wanted}.` }
      const evidence = `Healthy in ${environment} ${from}; ${wanted} are over at ${formatInstant(end)}.`
      return { verdict: 'waiting', evidence, nextEvaluation: end }
    }
    case 'ran': {
      const ran = `healthy in ${environment} for ${formatDuration(source.healthyMs)}`
      if (source.healthyMs >= soakMs) return { verdict: 'passed', evidence: `It was ${ran}; ${wanted} are wanted.` }
      const when = formatInstant(source.until)
      return { verdict: 'refused', evidence: `It was ${ran} of ${wanted} when something newer came at ${when}.` }
    }
    case 'never':
    case 'gone':
    case 'unknown':
      return judgeAbsent(source)
  }
}

function judgeAbsent(source: Extract<SourceSeen, { kind: 'never' | 'gone' | 'unknown' }>): Verdict {
  const { environment } = source
  switch (source.kind) {
    case 'never':
      return { verdict: 'waiting', evidence: `${environment} has not run it yet.` }
    case 'gone':
      return { verdict: 'refused', evidence: `It is no longer in ${environment}.` }
    case 'unknown':
      return { verdict: 'waiting', evidence: `What runs in ${environment} is not known: ${sentence(source.reason)}` }
  }
}

/** `90 min`, `2 h`, `1 d 12 h`; the two greatest units. */
export function formatDuration(milliseconds: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1_000],
  ] as const
  let left = Math.max(0, Math.floor(milliseconds / 1_000) * 1_000)
  const parts = units.flatMap(([unit, size]) => {
    const count = Math.floor(left / size)
    left -= count * size
    return count === 0 ? [] : [`${count} ${unit}`]
  })
  return parts.slice(0, 2).join(' ') || '0 s'
}
