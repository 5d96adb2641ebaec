import type { WhyNotStep } from '#lib/api/releases.ts'
import type { State } from '../ui/state-icon.tsx'

type Gate = WhyNotStep['gate']

const gateWords: Record<Gate, string> = {
  seen: 'Seen in the registry',
  'build-time': 'Build time known',
  filter: 'Matches the filter',
  newest: 'Best match',
  'not-refused': 'Not refused',
  automation: 'Automated or promoted',
  'no-hold': 'Not held',
  'no-stop': 'Not stopped',
  acting: 'Acting enabled',
  freeze: 'Not frozen',
  approvals: 'Approved',
  checks: 'Checks passed',
  soak: 'Soaked',
  'source-health': 'Healthy where it comes from',
  commit: 'Written to Git',
  fetched: 'Read from Git',
  chart: 'Chart ready',
  values: 'Values ready',
  deployed: 'Deployed',
  healthy: 'Healthy',
}

const stages: readonly { title: string; gates: readonly Gate[] }[] = [
  { title: 'The tag', gates: ['seen', 'build-time', 'filter', 'newest', 'not-refused'] },
  { title: 'The release', gates: ['automation', 'no-hold', 'no-stop', 'acting'] },
  { title: 'The gates', gates: ['freeze', 'approvals', 'checks', 'soak', 'source-health'] },
  { title: 'On its way', gates: ['commit', 'fetched', 'chart', 'values', 'deployed', 'healthy'] },
]

/** Where something broke, and not where something waits for a person or a time. */
const breaks: ReadonlySet<Gate> = new Set<Gate>(['seen', 'commit', 'fetched', 'chart', 'values', 'deployed', 'healthy'])

export interface SeenStep extends WhyNotStep {
  name: string
  state: State
  /** Said beside the name; absent = the icon and the evidence say it. */
  words?: string
}

export interface SeenStage {
  title: string
  steps: SeenStep[]
}

/** The gates by stage. Where nothing is in the way, the first that has not passed is where the tag is now. */
export function stagesOf(steps: readonly WhyNotStep[]): SeenStage[] {
  const isThere = hasArrived(steps)
  const isBlocked = steps.some(({ verdict }) => verdict === 'blocked')
  const here = isBlocked ? undefined : steps.find(({ verdict }) => verdict !== 'passed')
  return stages.map(({ title, gates }) => ({
    title,
    steps: steps.filter(({ gate }) => gates.includes(gate)).map((step) => look(step, step === here, isThere)),
  }))
}

/** It runs and is well: whatever stands against it now did not keep it away. */
function hasArrived(steps: readonly WhyNotStep[]): boolean {
  return steps.some(({ gate, verdict }) => gate === 'healthy' && verdict === 'passed')
}

function look(step: WhyNotStep, isHere: boolean, isThere: boolean): SeenStep {
  const name = gateWords[step.gate]
  switch (step.verdict) {
    case 'passed':
      return { ...step, name, state: 'ok' }
    case 'blocked':
      return { ...step, name, state: blockedState(step.gate), words: isThere ? 'by now' : 'in the way' }
    case 'pending':
      return isHere ? { ...step, name, state: 'run', words: 'now' } : { ...step, name, state: 'none', words: 'to come' }
    case 'unknown':
      return { ...step, name, state: 'none', words: 'cannot be told' }
  }
}

function blockedState(gate: Gate): State {
  if (gate === 'no-hold') return 'held'
  return breaks.has(gate) ? 'bad' : 'wait'
}

/** How the tag stands as a whole: well where it runs, else by the first that is in the way, else by where it is. */
export function overallState(stages: readonly SeenStage[]): State {
  const steps = stages.flatMap((stage) => stage.steps)
  if (hasArrived(steps)) return 'ok'
  const first = steps.find(({ verdict }) => verdict === 'blocked') ?? steps.find(({ verdict }) => verdict !== 'passed')
  return first?.state ?? 'ok'
}
