import { simulate } from '#lib/core/policy/index.ts'
import type { SimulatedTag, Simulation } from '#lib/core/policy/index.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'

/** What a tag filter would choose among given tags, by the engine that automates. */
export function simulatePolicy(
  caller: Caller,
  input: { pattern: string; current?: string; tags: readonly SimulatedTag[] },
): Simulation {
  askSomewhere(caller, 'policies:simulate')
  return simulate(input.pattern, input.current, input.tags)
}
