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
  const passed = (gate: WhyNotStep['gate']) => steps.some((step) => step.gate === gate && step.verdict === 'passed')
  const open = steps.find(({ verdict }) => verdict !== 'passed')
  if (passed('healthy')) {
    const runs = `${tag} runs in ${environment} and is healthy`
    return blocked.length === 0 ? `${runs}.` : `${runs}; by now it would not come there: ${reasons(blocked)}.`
  }
  if (passed('deployed')) {
    // What it has come past already is less to the point than how it is.
    const health = steps.find(({ gate }) => gate === 'healthy')
    return `${tag} is deployed in ${environment} and not healthy yet: ${withoutStop(health?.evidence ?? '')}.`
  }
  if (blocked.length > 0) return `${tag} does not come to ${environment}: ${reasons(blocked)}.`
  return `${tag} is on its way to ${environment}: ${withoutStop(open?.evidence ?? '')}.`
}

function reasons([first, ...others]: readonly WhyNotStep[]): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more ${others.length === 1 ? 'reason' : 'reasons'}`
  return `${withoutStop(first?.evidence ?? '')}${more}`
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '')
}
