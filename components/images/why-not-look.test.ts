import { describe, expect, it } from 'vitest'
import { whyNotGates } from '#lib/core/explain/index.ts'
import type { WhyNotStep } from '#lib/api/releases.ts'
import { overallState, stagesOf } from './why-not-look.ts'

const steps = (verdicts: Partial<Record<WhyNotStep['gate'], WhyNotStep['verdict']>>): WhyNotStep[] =>
  whyNotGates.map((gate) => ({ gate, verdict: verdicts[gate] ?? 'passed', evidence: 'So it is.' }))
const stateOf = (seen: readonly WhyNotStep[], gate: WhyNotStep['gate']) =>
  stagesOf(seen)
    .flatMap((stage) => stage.steps)
    .find((step) => step.gate === gate)?.state

describe('stagesOf', () => {
  it('shows every gate once, in order', () => {
    const shown = stagesOf(steps({})).flatMap((stage) => stage.steps.map(({ gate }) => gate))
    expect(shown).toEqual(whyNotGates)
  })
  it.each<[label: string, gate: WhyNotStep['gate'], state: string]>([
    ['a hold', 'no-hold', 'held'],
    ['a gate that waits', 'approvals', 'wait'],
    ['what broke', 'deployed', 'bad'],
  ])('%s has its own shape', (_label, gate, state) => {
    const seen = steps({ healthy: 'pending', [gate]: 'blocked' })
    expect(stateOf(seen, gate)).toBe(state)
    expect(stateOf(seen, 'healthy')).toBe('none')
    expect(overallState(stagesOf(seen))).toBe(state)
  })
  it('marks where the tag is while nothing is in the way', () => {
    const seen = steps({ deployed: 'pending', healthy: 'pending' })
    expect([stateOf(seen, 'deployed'), stateOf(seen, 'healthy')]).toEqual(['run', 'none'])
    expect(overallState(stagesOf(seen))).toBe('run')
  })
  it('is well where it runs, whatever stands against it by now', () => {
    const seen = stagesOf(steps({ 'no-hold': 'blocked' }))
    expect(overallState(seen)).toBe('ok')
    expect(seen[1]?.steps[1]).toMatchObject({ state: 'held', words: 'by now' })
  })
  it('is well when all have passed', () => expect(overallState(stagesOf(steps({})))).toBe('ok'))
})
