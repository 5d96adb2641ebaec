import { describeWindow } from './freeze.ts'
import { sentence } from './sentence.ts'
import { formatDuration } from './source-gates.ts'
import type { Gates } from './types.ts'

/** What the gates of an environment ask for, one sentence each; empty = nothing. */
export function describeGates({ health, soakMs, approvals, freeze }: Gates): string[] {
  return [
    ...(health ? ['The source is healthy with what is promoted.'] : []),
    ...(soakMs > 0 ? [`The source has been healthy with it for ${formatDuration(soakMs)}.`] : []),
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
