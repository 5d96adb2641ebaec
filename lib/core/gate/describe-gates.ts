import { describeWindow, formatInstant, freezeAt } from './freeze.ts'
import { sentence } from '../problem/index.ts'
import { formatDuration } from './source-gates.ts'
import type { GateName, Gates } from './types.ts'

/** What the gates of an environment ask for, one sentence each; empty = nothing. */
export function describeGates({ health, soakMs, checks = [], approvals, freeze }: Gates): string[] {
  return [
    ...(health ? ['The source is healthy with what is promoted.'] : []),
    ...(soakMs > 0 ? [`The source has been healthy with it for ${formatDuration(soakMs)}.`] : []),
    ...(checks.length > 0
      ? [`${checks.length === 1 ? 'The check' : 'The checks'} ${checks.join(', ')} passed for this very plan.`]
      : []),
    ...(approvals
      ? [
          `${approvals.count} ${approvals.count === 1 ? 'approval' : 'approvals'} by ${approvals.roles.join(' or ')}${
            approvals.separate.length > 0 ? `, not by the ${approvals.separate.join(' or the ')}` : ''
          }.`,
        ]
      : []),
    ...freeze.map((window) => `Frozen ${describeWindow(window)}: ${sentence(window.reason)}`),
  ]
}

/** A gate of an environment as a picture has room for it. */
export interface GateWords {
  gate: GateName
  /** A few words: `soak 30 min`, `2 approvals`. */
  words: string
  /** Each of its rules as a sentence. */
  says: string[]
  /** The clock alone keeps it shut now, whatever is promoted. */
  shut: boolean
}

/** What the gates of an environment ask for in a few words each, in their order; empty = nothing. */
export function gatesInWords(gates: Gates, now: number): GateWords[] {
  const { health, soakMs, checks = [], approvals, freeze } = gates
  const none = { health: false, soakMs: 0, approvals: undefined, freeze: [], override: [] }
  const open = (gate: GateName, words: string, only: Partial<Gates>): GateWords => ({
    gate,
    words,
    says: describeGates({ ...none, ...only }),
    shut: false,
  })
  return [
    ...(health ? [open('health', 'healthy source', { health })] : []),
    ...(soakMs > 0 ? [open('soak', `soak ${formatDuration(soakMs)}`, { soakMs })] : []),
    ...(checks.length > 0
      ? [open('checks', checks.length === 1 ? `check ${checks[0]}` : `${checks.length} checks`, { checks })]
      : []),
    ...(approvals
      ? [open('approvals', `${approvals.count} ${approvals.count === 1 ? 'approval' : 'approvals'}`, { approvals })]
      : []),
    ...(freeze.length > 0 ? [{ ...open('freeze', '', { freeze }), ...freezeInWords(freeze, now) }] : []),
  ]
}

function freezeInWords(freeze: Gates['freeze'], now: number): Pick<GateWords, 'words' | 'shut'> {
  const verdict = freezeAt(freeze, now)
  if (verdict.frozen)
    return {
      words: verdict.until === undefined ? 'frozen' : `frozen until ${formatInstant(verdict.until)}`,
      shut: true,
    }
  return { words: verdict.next ? `freeze from ${formatInstant(verdict.next.at)}` : 'no freeze ahead', shut: false }
}
