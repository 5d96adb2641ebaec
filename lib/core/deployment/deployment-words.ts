import { sentence } from '../problem/index.ts'
import type { HostedOperation } from './types.ts'

/** What a deployment is about, in a line. */
export function deploymentWords({ name, reason }: Pick<HostedOperation, 'name' | 'reason'>): string {
  return `${name}: ${sentence(reason)}`
}

/** How a deployment stands. What helm said of a failure is not told: the host shows it to everybody who sees the repository. */
export function stateWords({ name, state, revision }: Pick<HostedOperation, 'name' | 'state' | 'revision'>): string {
  switch (state) {
    case 'running':
      return `${name} is being deployed.`
    case 'succeeded':
      return revision === undefined ? `${name} is deployed.` : `${name} is deployed as revision ${revision}.`
    case 'failed':
      return `${name} was not deployed; the dashboard says why.`
    case 'superseded':
      return `Something newer came before ${name} was deployed.`
  }
}
