import type { WantedAlert } from './types.ts'

export const hostScope = 'host '

/** Refusals in a row from which on it is no matter of one deployment. */
const refusalsTold = 3

/** The host of the repository takes deployments and statuses no more; `reason` = its words, a sentence. */
export function hostAlerts({ refusals, reason }: { refusals: number; reason: string }): WantedAlert[] {
  if (refusals < refusalsTold) return []
  return [
    {
      key: `${hostScope}refuses`,
      kind: 'host-refuses',
      severity: 'warning',
      title: 'The host of the repository takes no deployments and statuses',
      detail: `${reason} Releases go on; what becomes of them is not shown there.`,
      nextStep:
        'Let the credential for GitHub write commit statuses and deployments (permissions Commit statuses and Deployments).',
    },
  ]
}
