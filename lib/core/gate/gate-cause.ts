import { evaluateGates, isGated, summariseGates } from './evaluate-gates.ts'
import { loosens, strictest, type Loosening } from './loosens.ts'
import type { GateInput, GateResult, GuardedEnvironment } from './types.ts'

/** What is about to change the release. */
export type ChangeCause =
  | { kind: 'automation'; tag: string }
  | { kind: 'chart'; detail: string }
  | { kind: 'values-from'; source: string }
  /** A commit made by anyone but Wheelhouse, whatever it edits. */
  | { kind: 'hand-push'; commit: string; author: string }
  | { kind: 'manual-release'; by: string }
  /** `applied` = the digest under which its gates were open and it was let through; absent = that has not happened. */
  | { kind: 'promotion'; id: string; applied?: string }
  /** `ranBefore` = that revision's very spec ran in this release before. */
  | { kind: 'rollback'; revision: number; ranBefore: boolean }
  /** Drift undone: what is deployed stays what it is. */
  | { kind: 'repair'; detail: string }
  /** `wheelhouse.yaml` loosens the gates of this environment. */
  | { kind: 'gates'; commit: string; author: string }

export interface IntendedChange {
  cause: ChangeCause
  /** Gates in force where the release was before the commit in question. */
  before: GuardedEnvironment
  /** What the commit in question says; the same where it says nothing, or the environment the release moves to. */
  after: GuardedEnvironment
}

export type CauseVerdict =
  | { kind: 'follow'; reason: string; gates: GateResult[] }
  /** It becomes a promotion that waits. `until` = when the clock alone may open the gates, at the earliest. */
  | { kind: 'promotion'; reason: string; gates: GateResult[]; until?: number }
  | { kind: 'refused'; reason: string; gates: GateResult[] }

/**
 * A gated environment changes only through a promotion, whatever the cause (§9.15): what its gates would stop waits as a
 * promotion, and a commit that loosens them is judged by the old ones. `seen` says what `evaluateGates` needs to know of
 * the change, whose own `gates` are left out.
 */
export function gateCause(change: IntendedChange, seen: Omit<GateInput, 'gates'>, now: number): CauseVerdict {
  const { cause, before, after } = change
  const exempt = exemption(cause, seen)
  if (exempt) return { ...exempt, gates: [] }
  const loosened = loosens(before, after, now)
  const { gates, sources } = loosened.length === 0 ? after : strictest(before, after)
  if (!isGated(gates)) return { kind: 'follow', reason: `${seen.environment} has no gates.`, gates: [] }
  // What ran elsewhere than in a source of this environment is no evidence; gates themselves soak in Git.
  const asked = seen.sources.filter(({ environment }) => cause.kind === 'gates' || sources.includes(environment))
  const results = evaluateGates({ ...seen, gates, sources: asked }, now)
  const summary = summariseGates(results)
  const what = describeCause(cause)
  const old = tellLoosened(loosened, seen.environment)
  switch (summary.kind) {
    case 'open':
      return { kind: 'follow', reason: `${what}: the gates of ${seen.environment} are open.${old}`, gates: results }
    case 'waiting': {
      const reason = `${what}: waits as a promotion. ${summary.reason}${old}`
      return { kind: 'promotion', reason, gates: results, ...('until' in summary ? { until: summary.until } : {}) }
    }
    case 'refused':
      return { kind: 'refused', reason: `${what}: refused. ${summary.reason}${old}`, gates: results }
  }
}

/** Causes that are not asked at the gates, or not again. */
function exemption(
  cause: ChangeCause,
  { planDigest }: Pick<GateInput, 'planDigest'>,
): { kind: 'follow' | 'refused'; reason: string } | undefined {
  switch (cause.kind) {
    case 'repair':
      return { kind: 'follow', reason: 'Repair brings back what is deployed already.' }
    case 'rollback':
      return cause.ranBefore
        ? { kind: 'follow', reason: `Revision ${cause.revision} ran here before; going back is always allowed.` }
        : undefined
    case 'promotion':
      if (cause.applied === undefined) return undefined
      return cause.applied === planDigest
        ? { kind: 'follow', reason: `Promotion ${cause.id} went through the gates with this very plan.` }
        : {
            kind: 'refused',
            reason: `Promotion ${cause.id} went through the gates with another plan than what would be deployed now.`,
          }
    case 'automation':
    case 'chart':
    case 'values-from':
    case 'hand-push':
    case 'manual-release':
    case 'gates':
      return undefined
  }
}

/** The cause in words, to begin a sentence with. */
export function describeCause(cause: ChangeCause): string {
  switch (cause.kind) {
    case 'automation':
      return `Automation found ${cause.tag}`
    case 'chart':
      return `The chart changed (${cause.detail})`
    case 'values-from':
      return `Values changed in ${cause.source}`
    case 'hand-push':
      return `${cause.author} pushed ${cause.commit.slice(0, 7)}`
    case 'manual-release':
      return `${cause.by} released by hand`
    case 'promotion':
      return `Promotion ${cause.id}`
    case 'rollback':
      return `Rollback to revision ${cause.revision}, which never ran here`
    case 'repair':
      return `Drift (${cause.detail})`
    case 'gates':
      return `${cause.author} loosened the gates in ${cause.commit.slice(0, 7)}`
  }
}

function tellLoosened(loosened: readonly Loosening[], environment: string): string {
  if (loosened.length === 0) return ''
  const what = loosened.map((item) => item.what).join(', ')
  return ` The old gates of ${environment} decide, for the new ones are looser: ${what}.`
}
