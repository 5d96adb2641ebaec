import { describe, expect, it } from 'vitest'
import { evaluateGates, isGated } from './evaluate-gates.ts'
import { ann, digest, gates, input, now, override } from './gates.fixture.ts'
import type { CheckReport, ChecksSeen, GateInput, GateResult } from './types.ts'

const report = (name: string, state: CheckReport['state'], more: Partial<CheckReport> = {}): CheckReport => ({
  name,
  state,
  planDigest: digest,
  ...more,
})
const seen = (...reports: CheckReport[]): ChecksSeen => ({ reports })
const rule = gates({ checks: ['ci/e2e', 'security'] })
const both = (state: CheckReport['state'], more: Partial<CheckReport> = {}) =>
  seen(report('ci/e2e', state, more), report('security', 'success'))

function judged(more: Partial<GateInput>): GateResult | undefined {
  const results = evaluateGates(input({ gates: rule, ...more }), now)
  expect(results).toHaveLength(1)
  return results[0]
}

describe('external checks', () => {
  it.each<[label: string, checks: ChecksSeen | undefined, verdict: GateResult['verdict'], evidence: string]>([
    ['nobody asked', undefined, 'waiting', 'ci/e2e has not reported yet. security has not reported yet.'],
    ['both passed', both('success'), 'passed', 'ci/e2e passed. security passed.'],
    [
      'and say why',
      both('success', { description: '9 of 9 scenarios' }),
      'passed',
      'ci/e2e passed: 9 of 9 scenarios. security passed.',
    ],
    [
      'one runs',
      both('pending', { description: 'Scenario 4.' }),
      'waiting',
      'ci/e2e is not done: Scenario 4. security passed.',
    ],
    ['one is missing', seen(report('security', 'success')), 'waiting', 'ci/e2e has not reported yet. security passed.'],
    [
      'one failed',
      both('failure', { description: '3 of 9 failed' }),
      'refused',
      'ci/e2e failed: 3 of 9 failed. security passed.',
    ],
    [
      'one failed, one runs',
      seen(report('security', 'failure'), report('ci/e2e', 'pending')),
      'refused',
      'security failed. ci/e2e is not done.',
    ],
    [
      'for another plan',
      both('success', { planDigest: 'plan-0' }),
      'waiting',
      'ci/e2e was about another plan. security passed.',
    ],
    [
      'a failure for another plan',
      both('failure', { planDigest: 'plan-0' }),
      'waiting',
      'ci/e2e was about another plan. security passed.',
    ],
    [
      'two words about one: the worse counts',
      seen(report('security', 'success'), report('ci/e2e', 'success'), report('ci/e2e', 'failure')),
      'refused',
      'ci/e2e failed. security passed.',
    ],
    [
      'a check of another name',
      seen(report('ci/e2e-2', 'success'), report('security', 'success')),
      'waiting',
      'ci/e2e has not reported yet. security passed.',
    ],
    [
      'the host cannot be asked',
      { reports: [report('security', 'success')], unreachable: 'GitHub does not answer' },
      'waiting',
      'ci/e2e has not reported yet. GitHub does not answer. security passed.',
    ],
    [
      'the host cannot be asked and need not be',
      { ...both('success'), unreachable: 'GitHub does not answer' },
      'passed',
      'ci/e2e passed. security passed.',
    ],
  ])('%s', (_label, checks, verdict, evidence) => {
    expect(judged({ checks })).toMatchObject({ verdict, evidence })
  })

  it.each([['pending'], ['failure']] as const)('%s: says who could override, and is overridden by them', (state) => {
    const checks = both(state)
    expect(judged({ checks })).toMatchObject({ whoCould: [{ act: 'override', roles: ['approver'], except: [] }] })
    expect(judged({ checks, overrides: [override('checks', ann)] })).toMatchObject({ verdict: 'overridden', by: 'ann' })
    expect(judged({ checks, overrides: [override('checks', ann, { role: 'deployer' })] })?.verdict).not.toBe(
      'overridden',
    )
    expect(judged({ checks, overrides: [override('soak', ann)] })?.verdict).not.toBe('overridden')
  })

  it('are a gate where there are some', () => {
    expect([isGated(rule), isGated(gates({ checks: [] }))]).toEqual([true, false])
    expect(evaluateGates(input({ gates: gates({ checks: [] }) }), now)).toEqual([])
  })

  it('stand before approvals, for nobody is to look at what a machine refuses', () => {
    const approvals = { count: 1, roles: ['approver' as const], separate: [] }
    const results = evaluateGates(input({ gates: gates({ ...rule, health: true, approvals }) }), now)
    expect(results.map(({ gate }) => gate)).toEqual(['health', 'checks', 'approvals'])
  })
})
