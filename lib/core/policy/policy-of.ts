import type { Problem } from '../problem/index.ts'
import type { Automation } from '../release/types.ts'
import type { Container } from '../values/types.ts'
import { defaultPolicy, formatPolicy } from './parse-policy.ts'
import type { Policy } from './types.ts'

/** The filter of a container: what is written, else Flux's default; the product's own finds need one (§9.8). */
export function policyOf(
  release: { automation: Pick<Automation, 'filters'> },
  container: Pick<Container, 'name' | 'needsFilter'>,
):
  { written: string; policy: Policy; problem?: undefined } | { written: string; policy?: undefined; problem: Problem } {
  const filter = release.automation.filters[container.name]
  if (filter) {
    return filter.ok
      ? { written: filter.written, policy: filter.policy }
      : { written: filter.written, problem: filter.problem }
  }
  if (!container.needsFilter) return { written: formatPolicy(defaultPolicy), policy: defaultPolicy }
  return {
    written: '',
    problem: {
      code: 'policy-missing',
      severity: 'warning',
      message: `Container ${container.name} has no filter and is found outside of Flux's places, so it is not automated.`,
      suggestion: `Add the annotation fluxcd.io/tag.${container.name}.`,
      subject: container.name,
    },
  }
}
