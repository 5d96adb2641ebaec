import type { Role } from '../access/index.ts'
import { evaluateApprovals, holdsOneOf, separatedAs } from './approvals.ts'
import { evaluateChecks } from './evaluate-checks.ts'
import { describeWindow, formatInstant, freezeAt } from './freeze.ts'
import { sentence } from '../problem/index.ts'
import { evaluateSource } from './source-gates.ts'
import type { GateInput, GateName, GateResult, Gates, Override, WhoCould } from './types.ts'

/** An environment that changes at once, as Flux did. */
export const noGates: Gates = { health: false, soakMs: 0, freeze: [], override: [] }

export function isGated(gates: Gates): boolean {
  return (
    gates.health ||
    gates.soakMs > 0 ||
    (gates.checks?.length ?? 0) > 0 ||
    gates.approvals !== undefined ||
    gates.freeze.length > 0
  )
}

/** The gates that are in force, each with its verdict at `now` and why; in the order in which people read them. */
export function evaluateGates(input: GateInput, now: number): GateResult[] {
  const { gates } = input
  const who = whoCouldOverride(gates.override)
  const results: GateResult[] = []
  if (gates.health) results.push(evaluateSource('health', input, now, who))
  if (gates.soakMs > 0) results.push(evaluateSource('soak', input, now, who))
  if (gates.checks?.length) results.push(evaluateChecks(input, gates.checks, who))
  if (gates.approvals) results.push(evaluateApprovals(input, gates.approvals))
  if (gates.freeze.length > 0) results.push(evaluateFreeze(input, now, who))
  return results.map((result) => applyOverride(result, input))
}

export type GatesVerdict =
  | { kind: 'open'; reason: string }
  /** `until` = when the clock alone may change it, at the earliest. */
  | { kind: 'waiting'; reason: string; until?: number }
  | { kind: 'refused'; reason: string }

/** What the gates come to together: all open, or the reasons of those that are not. */
export function summariseGates(results: readonly GateResult[]): GatesVerdict {
  const refused = results.filter(({ verdict }) => verdict === 'refused')
  if (refused.length > 0) return { kind: 'refused', reason: evidenceOf(refused) }
  const waiting = results.filter((result) => result.verdict === 'waiting')
  if (waiting.length > 0) {
    const times = waiting.flatMap(({ nextEvaluation }) => (nextEvaluation === undefined ? [] : [nextEvaluation]))
    return {
      kind: 'waiting',
      reason: evidenceOf(waiting),
      ...(times.length > 0 ? { until: Math.min(...times) } : {}),
    }
  }
  return { kind: 'open', reason: results.length === 0 ? 'There are no gates.' : 'All gates are open.' }
}

function evidenceOf(results: readonly GateResult[]): string {
  return results.map(({ evidence }) => evidence).join(' ')
}

function evaluateFreeze({ environment, gates }: GateInput, now: number, who: WhoCould[]): GateResult {
  const gate = 'freeze'
  const seen = freezeAt(gates.freeze, now)
  if (!seen.frozen) {
    const { next } = seen
    if (!next) return { gate, verdict: 'passed', evidence: `${environment} is not frozen.` }
    const until = formatInstant(next.at)
    const evidence = `${environment} is not frozen until ${until}: ${sentence(next.window.reason)}`
    return { gate, verdict: 'passed', evidence, nextEvaluation: next.at }
  }
  const reasons = seen.windows
    .map((window) => `${window.reason.replace(/\.$/, '')} (${describeWindow(window)})`)
    .join('; ')
  if (seen.until === undefined) {
    const evidence = `${environment} is frozen and its windows leave no time in which it is not: ${sentence(reasons)}`
    return { gate, verdict: 'refused', evidence, whoCould: who }
  }
  const evidence = `${environment} is frozen until ${formatInstant(seen.until)}: ${sentence(reasons)}`
  return { gate, verdict: 'waiting', evidence, nextEvaluation: seen.until, whoCould: who }
}

function whoCouldOverride(allowed: readonly Role[]): WhoCould[] {
  return allowed.length === 0 ? [] : [{ act: 'override', roles: allowed, except: [] }]
}

function applyOverride(result: GateResult, input: GateInput): GateResult {
  if (result.verdict === 'passed' || result.verdict === 'overridden') return result
  const rejected = result.gate === 'approvals' && result.verdict === 'refused'
  const override = rejected ? undefined : input.overrides.find((given) => counts(given, result.gate, input))
  if (!override) return result
  const { by, reason, at } = override
  return {
    gate: result.gate,
    verdict: 'overridden',
    evidence: `${by.name} overrode it: ${sentence(reason.trim())} ${result.evidence}`,
    by: by.name,
    reason: reason.trim(),
    at,
  }
}

/** Approvals are not given to oneself by another name: only an admin overrides them, and nobody the rule keeps apart. */
function counts(override: Override, gate: GateName, input: GateInput): boolean {
  if (override.gate !== gate || override.planDigest !== input.planDigest || override.reason.trim() === '') return false
  const { approvals, override: allowed } = input.gates
  if (!holdsOneOf(override.role, allowed)) return false
  if (gate !== 'approvals') return true
  const apart = approvals && separatedAs(override.by, approvals, input)
  return override.role === 'admin' && apart === undefined
}
