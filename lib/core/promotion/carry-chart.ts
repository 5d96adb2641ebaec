import type { ChartSource, Generation } from '../release/types.ts'
import type { DocumentChange } from '../values/index.ts'
import { pinChart } from './pin-chart.ts'

/** A chart of the config repository as one commit has it. */
export interface ChartAt {
  commit: string
  /** Git object id of its directory. */
  tree: string
}

/** What the document of the target names now: a commit, another fixed thing such as a tag, or what moves on. */
export type ChartNaming = 'commit' | 'fixed' | 'moving'

export interface ChartToCarry {
  /** Environment of the target, and whether it has gates: without them it follows its charts at once. */
  environment: string
  gated: boolean
  document: { generation: Generation; chart: ChartSource; spec: Readonly<Record<string, unknown>> }
  naming: ChartNaming
  /** What the document gets as it is; absent = it is not to be had. */
  own?: ChartAt
  /** What is deployed on the left, where that is the same chart; absent = nothing to carry. */
  left?: ChartAt
  /** Tree of the chart that the target has deployed, as far as known. */
  deployed?: string
}

export type CarriedChart =
  | { kind: 'leave' }
  /** `moves` = the target gets another chart than it has deployed; else it only stays with what it has. */
  | { kind: 'pin'; change: DocumentChange; at: ChartAt; moves: boolean }
  /** It goes on to follow what its document names; for the plan, in sentences. */
  | { kind: 'cannot'; reason: string }

/**
 * The chart of a gated environment stays at the commit that a promotion wrote, and comes from the left with the next one
 * (§9.15). Where the document names that chart already, nothing is edited.
 */
export function carryChart(input: ChartToCarry): CarriedChart {
  const { document, environment, naming, own, left } = input
  const { chart } = document
  if (!input.gated || chart.kind !== 'git') return { kind: 'leave' }
  const at = left && left.tree !== own?.tree ? left : own
  if (!at) return { kind: 'leave' }
  if (naming === 'fixed') return left && left.tree !== own?.tree ? staysAt(input, chart.ref) : { kind: 'leave' }
  if (naming === 'commit' && at === own) return { kind: 'leave' }
  const pin = pinChart(document, { commit: at.commit, version: '' })
  switch (pin.kind) {
    case 'none':
      return { kind: 'leave' }
    case 'cannot':
      return { kind: 'cannot', reason: `${pin.reason} When it changes, that waits at the gates of ${environment}.` }
    case 'pin': {
      const change: DocumentChange = { kind: 'scalar', path: pin.path, value: pin.value }
      return { kind: 'pin', change, at, moves: at.tree !== (input.deployed ?? own?.tree) }
    }
  }
}

function staysAt({ environment }: ChartToCarry, ref: string | undefined): CarriedChart {
  const reason = `The chart of ${environment} stays at ${ref}, which its document names.`
  return { kind: 'cannot', reason: `${reason} Change spec.chart.ref there to bring the one that runs on the left.` }
}
