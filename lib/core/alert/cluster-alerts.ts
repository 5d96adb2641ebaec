import { sentence } from '../problem/index.ts'
import type { WantedAlert } from './types.ts'

export interface ClusterAway {
  reason: string
  /** Milliseconds since the epoch. */
  since: number
}

export const clusterScope = 'cluster '

/** Milliseconds: an API server that is started anew is no incident. */
export const clusterPatienceMs = 60_000

/** The incident of a cluster that does not answer; `away` undefined = it does. */
export function clusterAlerts(cluster: string, away: ClusterAway | undefined, now: number): WantedAlert[] {
  if (!away || now - away.since < clusterPatienceMs) return []
  return [
    {
      key: `${clusterScope}${cluster} unreachable`,
      kind: 'cluster-unreachable',
      severity: 'critical',
      title: `The cluster ${cluster} cannot be reached`,
      detail: `${sentence(away.reason)} Nothing is deployed, and what runs there is shown as it was last seen.`,
      nextStep: 'Check the API server, the network, and the credentials in the kubeconfig of the worker.',
    },
  ]
}
