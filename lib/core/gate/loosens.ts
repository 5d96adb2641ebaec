import { roles, type Role } from '../access/index.ts'
import { describeWindow, spanOf, weekMs } from './freeze.ts'
import { formatDuration } from './source-gates.ts'
import type { ApprovalRule, FreezeWindow, GateName, GuardedEnvironment } from './types.ts'

export interface Loosening {
  gate: GateName | 'override' | 'source'
  /** "approvals go from 2 to 1", without a full stop. */
  what: string
}

/**
 * In what ways `after` lets through what `before` would have stopped; empty = in none. A window whose last day is over is
 * no loss. Where it cannot be told whether two forms of a window are equal, they count as different.
 */
export function loosens(before: GuardedEnvironment, after: GuardedEnvironment, now: number): Loosening[] {
  return [
    ...loosenedSource(before, after),
    ...loosenedChecks(before.gates.checks, after.gates.checks),
    ...loosenedApprovals(before.gates.approvals, after.gates.approvals),
    ...loosenedFreeze(before.gates.freeze, after.gates.freeze, now),
    ...loosenedOverride(before, after),
  ]
}

/** The gates that stop whatever either of the two would stop: in force while a loosening waits. */
export function strictest(a: GuardedEnvironment, b: GuardedEnvironment): GuardedEnvironment {
  return {
    sources: strictestSources(a, b),
    gates: {
      health: a.gates.health || b.gates.health,
      soakMs: Math.max(a.gates.soakMs, b.gates.soakMs),
      ...strictestChecks(a.gates.checks, b.gates.checks),
      ...strictestApprovals(a.gates.approvals, b.gates.approvals),
      freeze: [
        ...a.gates.freeze,
        ...b.gates.freeze.filter((window) => !a.gates.freeze.some((other) => covers(other, window))),
      ],
      override: stricterRoles(a.gates.override, b.gates.override),
    },
  }
}

/**
 * What binds an environment whose gates Git says anew. The accepted ones stay until the loosening has passed them itself;
 * what became stricter counts at once (§9.15).
 */
export function gatesInForce(
  accepted: GuardedEnvironment,
  committed: GuardedEnvironment,
  now: number,
): { inForce: GuardedEnvironment; loosened: Loosening[] } {
  const loosened = loosens(accepted, committed, now)
  return { loosened, inForce: loosened.length === 0 ? committed : strictest(accepted, committed) }
}

/** Sources count only where something is asked of them; with none in common the first one's do. */
function strictestSources(a: GuardedEnvironment, b: GuardedEnvironment): readonly string[] {
  if (!asksSource(a)) return b.sources
  const common = asksSource(b) ? a.sources.filter((source) => b.sources.includes(source)) : []
  return common.length > 0 ? common : a.sources
}

function asksSource({ gates }: GuardedEnvironment): boolean {
  return gates.health || gates.soakMs > 0
}

function loosenedSource(before: GuardedEnvironment, after: GuardedEnvironment): Loosening[] {
  const found: Loosening[] = []
  if (before.gates.health && !after.gates.health) found.push({ gate: 'health', what: 'the source need not be healthy' })
  if (after.gates.soakMs < before.gates.soakMs) {
    const [from, to] = [formatDuration(before.gates.soakMs), formatDuration(after.gates.soakMs)]
    found.push({ gate: 'soak', what: `the soak goes from ${from} to ${to}` })
  }
  const added = after.sources.filter((source) => !before.sources.includes(source))
  if (asksSource(before) && before.sources.length > 0 && added.length > 0) {
    found.push({
      gate: 'source',
      what: `${added.join(', ')} may be the source instead of ${before.sources.join(', ')}`,
    })
  }
  return found
}

function loosenedChecks(before: readonly string[] = [], after: readonly string[] = []): Loosening[] {
  return before
    .filter((name) => !after.includes(name))
    .map((name) => ({ gate: 'checks', what: `the check ${name} is not wanted` }))
}

function loosenedApprovals(before: ApprovalRule | undefined, after: ApprovalRule | undefined): Loosening[] {
  const gate = 'approvals'
  if (!before) return []
  if (!after) return [{ gate, what: 'no approval is wanted' }]
  const found: Loosening[] = []
  if (after.count < before.count) found.push({ gate, what: `approvals go from ${before.count} to ${after.count}` })
  if (least(after.roles) < least(before.roles)) {
    found.push({ gate, what: `${after.roles.join(' or ')} may approve instead of ${before.roles.join(' or ')}` })
  }
  for (const apart of before.separate) {
    if (!after.separate.includes(apart)) found.push({ gate, what: `the ${apart} may approve` })
  }
  return found
}

function loosenedFreeze(before: readonly FreezeWindow[], after: readonly FreezeWindow[], now: number): Loosening[] {
  return before
    .filter((window) => !(window.kind === 'once' && window.to <= now))
    .filter((window) => !after.some((other) => covers(other, window, now)))
    .map((window) => ({ gate: 'freeze', what: `not all of ${describeWindow(window)} is frozen (${window.reason})` }))
}

function loosenedOverride(before: GuardedEnvironment, after: GuardedEnvironment): Loosening[] {
  const [was, is] = [before.gates.override, after.gates.override]
  return least(is) < least(was) ? [{ gate: 'override', what: `${is.join(' or ')} may override` }] : []
}

/** Rank of the least role, since a greater one includes it; beyond all roles where there is none. */
function least(allowed: readonly Role[]): number {
  return Math.min(roles.length, ...allowed.map((role) => roles.indexOf(role)))
}

function stricterRoles(a: readonly Role[], b: readonly Role[]): Role[] {
  return [...(least(a) >= least(b) ? a : b)]
}

function strictestChecks(a: readonly string[] = [], b: readonly string[] = []): { checks?: readonly string[] } {
  const checks = [...new Set([...a, ...b])]
  return checks.length > 0 ? { checks } : {}
}

function strictestApprovals(a: ApprovalRule | undefined, b: ApprovalRule | undefined): { approvals?: ApprovalRule } {
  if (!a || !b) {
    const one = a ?? b
    return one ? { approvals: one } : {}
  }
  const separate = [...new Set([...a.separate, ...b.separate])]
  return { approvals: { count: Math.max(a.count, b.count), roles: stricterRoles(a.roles, b.roles), separate } }
}

/** Whether all of `inner` that is still to come lies within `outer`. */
function covers(outer: FreezeWindow, inner: FreezeWindow, now = Number.NEGATIVE_INFINITY): boolean {
  if (outer.kind === 'once') {
    return inner.kind === 'once' && outer.from <= Math.max(inner.from, now) && inner.to <= outer.to
  }
  if (inner.kind === 'once' || outer.zone !== inner.zone) return false
  const length = spanOf(outer.from, outer.to)
  if (length === weekMs) return true
  const start = spanOf(outer.from, inner.from) % weekMs
  return start < length && start + spanOf(inner.from, inner.to) <= length
}
