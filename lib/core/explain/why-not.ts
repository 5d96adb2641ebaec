import { deliverySteps, permissionSteps } from './release-steps.ts'
import { tagSteps } from './tag-steps.ts'
import type { WhyNotSeen, WhyNotStep } from './types.ts'

export interface WhyNot {
  /** One sentence: where the tag is, or what stands in its way. */
  summary: string
  /** Every gate in order, each with a verdict of its own: what one blocks is not blamed on those behind it. */
  steps: WhyNotStep[]
}

/** Why a tag does not run in an environment, or how far it has come (C7). */
export function whyNot(seen: WhyNotSeen, now: number): WhyNot {
  const steps = [...tagSteps(seen), ...permissionSteps(seen, now), ...deliverySteps(seen)]
  return { summary: summarise(seen, steps), steps }
}

function summarise({ tag, environment }: WhyNotSeen, steps: readonly WhyNotStep[]): string {
  const blocked = steps.filter(({ verdict }) => verdict === 'blocked')
  const [first, ...others] = blocked
  if (first) {
    const more = others.length === 0 ? '' : ` and ${others.length} more ${others.length === 1 ? 'reason' : 'reasons'}`
    const runs = steps.some(({ gate, verdict }) => gate === 'deployed' && verdict === 'passed')
    const what = runs
      ? `${tag} is deployed in ${environment}, with something in the way`
      : `${tag} does not come to ${environment}`
    return `${what}: ${withoutStop(first.evidence)}${more}.`
  }
  const open = steps.find(({ verdict }) => verdict !== 'passed')
  if (!open) return `${tag} runs in ${environment} and is healthy.`
  return `${tag} is on its way to ${environment}: ${withoutStop(open.evidence)}.`
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '')
}
