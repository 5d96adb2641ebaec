import { describe, expect, it } from 'vitest'
import { evaluateGates, isGated, noGates, summariseGates } from './evaluate-gates.ts'
import {
  ann,
  approval,
  bob,
  cat,
  dan,
  gates,
  healthy,
  hour,
  input,
  minute,
  now,
  override,
  person,
  unwell,
} from './gates.fixture.ts'
import type { Approval, FreezeWindow, GateInput, GateResult, Gates } from './types.ts'

type Row = [label: string, given: Partial<GateInput>, want: Partial<GateResult>, says?: string]

const ran = (healthyMs: number): GateInput['sources'] => [{ kind: 'ran', environment: 'stg', until: now, healthyMs }]
const given = (...approvals: Approval[]): Partial<GateInput> => ({ approvals })
const window = (from: number, to: number, reason = 'sale'): FreezeWindow => ({ kind: 'once', from, to, reason })
const without = (freeze: FreezeWindow[]): Partial<GateInput> => ({ gates: gates({ freeze }) })

/** The verdict of the only gate in force. */
function check(rule: Partial<Gates>, rows: Row[]): void {
  it.each(rows)('%s', (_label, given, want, says) => {
    const results = evaluateGates(input({ gates: gates(rule), ...given }), now)
    expect(results).toHaveLength(1)
    expect(results[0]).toMatchObject(want)
    expect(results[0]?.evidence).toContain(says ?? '')
  })
}

describe('health of the source', () => {
  check({ health: true }, [
    ['healthy', {}, { verdict: 'passed' }, 'Healthy in stg'],
    ['crashing', { sources: [unwell('failing')] }, { verdict: 'waiting' }, 'Pod a crashes.'],
    ['still coming up', { sources: [unwell('progressing')] }, { verdict: 'waiting' }],
    ['not known', { sources: [unwell('unknown')] }, { verdict: 'waiting' }],
    ['it does not run it', { sources: [{ kind: 'never', environment: 'stg' }] }, { verdict: 'waiting' }, 'has not run'],
    ['its release is gone', { sources: [{ kind: 'gone', environment: 'stg' }] }, { verdict: 'refused' }, 'no longer'],
    [
      'it cannot be asked',
      { sources: [{ kind: 'unknown', environment: 'stg', reason: 'API server away.' }] },
      { verdict: 'waiting' },
      'API server away.',
    ],
    [
      'something newer came, and it was well before',
      { sources: [{ kind: 'ran', environment: 'stg', until: now, healthyMs: 1 }] },
      { verdict: 'passed' },
    ],
    [
      'something newer came, and it never was well',
      { sources: [{ kind: 'ran', environment: 'stg', until: now, healthyMs: 0 }] },
      { verdict: 'refused' },
      'never was healthy',
    ],
    ['no source at all', { sources: [] }, { verdict: 'refused' }, 'from nowhere'],
    ['nothing that runs elsewhere', { carries: [], sources: [] }, { verdict: 'passed' }, 'no image'],
    ['one of two sources', { sources: [unwell('failing'), healthy(now)] }, { verdict: 'passed' }],
    [
      'overridden by who may',
      { sources: [unwell('stuck')], overrides: [override('health', bob)] },
      { verdict: 'overridden', by: 'bob', reason: 'hotfix for the outage' },
      'Pod a crashes.',
    ],
  ])
})

describe('soak', () => {
  check({ soakMs: 30 * minute }, [
    ['long enough', { sources: [healthy(now - 30 * minute)] }, { verdict: 'passed' }, 'longer than 30 min'],
    [
      'a millisecond short',
      { sources: [healthy(now - 30 * minute + 1)] },
      { verdict: 'waiting', nextEvaluation: now + 1 },
      'over at 2026-03-04T12:00:00.001Z',
    ],
    [
      'the clock was set back: from the future',
      { sources: [healthy(now + minute)] },
      { verdict: 'waiting', nextEvaluation: now + 31 * minute },
    ],
    [
      'healthy for less long than it runs',
      {
        sources: [
          {
            kind: 'runs',
            environment: 'stg',
            since: now - hour,
            health: { kind: 'healthy', reason: '', since: now - minute },
          },
        ],
      },
      { verdict: 'waiting', nextEvaluation: now + 29 * minute },
    ],
    ['unhealthy now: it begins anew', { sources: [unwell('failing')] }, { verdict: 'waiting' }, 'begin when'],
    ['it soaked before something newer came', { sources: ran(30 * minute) }, { verdict: 'passed' }],
    ['something newer came too early', { sources: ran(12 * minute) }, { verdict: 'refused' }, '12 min of 30 min'],
    ['it was never there', { sources: [{ kind: 'never', environment: 'stg' }] }, { verdict: 'waiting' }],
    ['its release is gone', { sources: [{ kind: 'gone', environment: 'stg' }] }, { verdict: 'refused' }],
    ['no source', { sources: [] }, { verdict: 'refused' }, 'nothing can soak'],
    ['nothing to soak', { carries: [], sources: [] }, { verdict: 'passed' }],
    [
      'of two sources the one that is done sooner',
      { sources: [healthy(now), healthy(now - 20 * minute)] },
      { verdict: 'waiting', nextEvaluation: now + 10 * minute },
    ],
    [
      'a source that waits before one that refuses',
      { sources: [...ran(0), healthy(now)] },
      { verdict: 'waiting', nextEvaluation: now + 30 * minute },
    ],
  ])
})

describe('approvals', () => {
  const two = {
    approvals: { count: 2, roles: ['approver' as const], separate: ['requester' as const, 'author' as const] },
  }
  check(two, [
    ['none', {}, { verdict: 'waiting' }, '2 of 2 approvals are missing.'],
    ['one', given(approval(bob)), { verdict: 'waiting' }, '1 of 2 approvals are missing. Approved by bob.'],
    ['two people', given(approval(bob), approval(cat)), { verdict: 'passed' }, 'Approved by bob, cat.'],
    ['two at the same instant', given(approval(cat), approval(bob, { at: now - minute })), { verdict: 'passed' }],
    ['one person twice', given(approval(bob), approval(bob, { at: now })), { verdict: 'waiting' }, '1 of 2'],
    [
      'one person with two accounts of one address',
      given(approval(bob), approval({ ...person('bobby'), emails: ['BOB@example.org '] })),
      { verdict: 'waiting' },
      '1 of 2',
    ],
    [
      'for another plan',
      given(approval(bob), approval(cat, { planDigest: 'plan-0' })),
      { verdict: 'waiting' },
      'cat looked at another plan.',
    ],
    [
      'whoever asked for it',
      given(approval(ann), approval(bob)),
      { verdict: 'waiting' },
      'ann does not count: asked for it.',
    ],
    ['whoever wrote it', given(approval(dan), approval(bob)), { verdict: 'waiting' }, 'dan does not count: wrote it.'],
    [
      'whoever wrote it, known in Git by an address in capitals',
      { ...given(approval(bob), approval(cat)), authors: [{ emails: ['CAT@Example.org'], name: 'C. At' }] },
      { verdict: 'waiting' },
      'cat does not count: wrote it.',
    ],
    [
      'a deployer',
      given(approval(bob), approval(cat, { role: 'deployer' })),
      { verdict: 'waiting' },
      'cat does not count: is deployer',
    ],
    [
      'someone whose role was taken away',
      given(approval(bob), approval(cat, { role: undefined })),
      { verdict: 'waiting' },
      'has no role',
    ],
    ['an admin is an approver too', given(approval(bob), approval(cat, { role: 'admin' })), { verdict: 'passed' }],
    ['a role that is none', given(approval(bob), approval(cat, { role: 'root' as 'admin' })), { verdict: 'waiting' }],
    ['a no', given(approval(bob), approval(cat, { decision: 'reject' })), { verdict: 'refused' }, 'cat rejected it.'],
    ['a no by whoever asked for it', given(approval(ann, { decision: 'reject' })), { verdict: 'refused' }],
    [
      'a no for another plan',
      given(approval(bob), approval(cat), approval(dan, { decision: 'reject', planDigest: 'plan-0' })),
      { verdict: 'passed' },
    ],
    [
      'a no without the role',
      given(approval(bob), approval(cat), approval(dan, { decision: 'reject', role: 'viewer' })),
      { verdict: 'passed' },
    ],
    [
      'a no taken back',
      given(approval(bob), approval(cat, { decision: 'reject' }), approval(cat, { at: now })),
      { verdict: 'passed' },
    ],
    [
      'a yes taken back',
      given(approval(bob), approval(cat), approval(cat, { decision: 'reject', at: now })),
      { verdict: 'refused' },
    ],
    ['nobody asked for it', { ...given(approval(ann), approval(bob)), requester: undefined }, { verdict: 'passed' }],
    ['overridden by an approver', { overrides: [override('approvals', bob)] }, { verdict: 'waiting' }],
    [
      'overridden by an admin',
      { overrides: [override('approvals', bob, { role: 'admin' })] },
      { verdict: 'overridden' },
    ],
    [
      'overridden by the admin who asked',
      { overrides: [override('approvals', ann, { role: 'admin' })] },
      { verdict: 'waiting' },
    ],
    [
      'a no is not overridden',
      { ...given(approval(cat, { decision: 'reject' })), overrides: [override('approvals', bob, { role: 'admin' })] },
      { verdict: 'refused' },
    ],
  ])

  it('says who could', () => {
    const [result] = evaluateGates(input({ gates: gates(two) }), now)
    expect(result).toMatchObject({
      whoCould: [
        {
          act: 'approve',
          roles: ['approver'],
          except: [
            { name: 'ann', because: 'requester' },
            { name: 'dan', because: 'author' },
          ],
        },
        { act: 'override', roles: ['admin'] },
      ],
    })
  })

  it('separates nobody where the rule does not ask', () => {
    const rule = { approvals: { count: 1, roles: ['approver' as const], separate: [] } }
    const [result] = evaluateGates(input({ gates: gates(rule), authors: [ann], ...given(approval(ann)) }), now)
    expect(result).toMatchObject({ verdict: 'passed' })
  })
})

describe('freeze', () => {
  const monday = { day: 0, minute: 0 }
  const always: FreezeWindow = { kind: 'weekly', from: monday, to: monday, zone: 'UTC', reason: 'never' }
  const shut = { freeze: [window(now - 1, now + 1)] }
  check(shut, [
    ['within', {}, { verdict: 'waiting', nextEvaluation: now + 1 }, 'sale'],
    ['at its first instant', without([window(now, now + 5)]), { verdict: 'waiting', nextEvaluation: now + 5 }],
    ['at its end', without([window(now - 5, now)]), { verdict: 'passed' }],
    ['before', without([window(now + 5, now + 9)]), { verdict: 'passed', nextEvaluation: now + 5 }, 'not frozen until'],
    ['without end', without([always]), { verdict: 'refused' }, 'leave no time'],
    ['overridden', { overrides: [override('freeze', ann)] }, { verdict: 'overridden', by: 'ann' }],
    [
      'overridden without a reason',
      { overrides: [override('freeze', ann, { reason: ' \n' })] },
      { verdict: 'waiting' },
    ],
    [
      'overridden for another plan',
      { overrides: [override('freeze', ann, { planDigest: 'x' })] },
      { verdict: 'waiting' },
    ],
    [
      'overridden by a deployer',
      { overrides: [override('freeze', ann, { role: 'deployer' })] },
      { verdict: 'waiting' },
    ],
    [
      'overridden by someone without a role',
      { overrides: [override('freeze', ann, { role: undefined })] },
      { verdict: 'waiting' },
    ],
    ['another gate overridden', { overrides: [override('soak', ann)] }, { verdict: 'waiting' }],
    [
      'overridden where nobody may',
      { gates: gates({ ...shut, override: [] }), overrides: [override('freeze', ann, { role: 'admin' })] },
      { verdict: 'waiting', whoCould: [] },
    ],
    [
      'never opening, overridden',
      { gates: gates({ freeze: [always] }), overrides: [override('freeze', ann)] },
      { verdict: 'overridden' },
    ],
  ])
})

describe('all gates together', () => {
  const all = gates({
    health: true,
    soakMs: hour,
    approvals: { count: 1, roles: ['approver'], separate: [] },
    freeze: [{ kind: 'once', from: now - 1, to: now + minute, reason: 'sale' }],
  })
  it('stand in the order in which they are read, each alone responsible for its own', () => {
    const results = evaluateGates(input({ gates: all, sources: [healthy(now)], approvals: [approval(bob)] }), now)
    expect(results.map(({ gate, verdict }) => `${gate} ${verdict}`)).toEqual([
      'health passed',
      'soak waiting',
      'approvals passed',
      'freeze waiting',
    ])
    expect(summariseGates(results)).toEqual({
      kind: 'waiting',
      reason: expect.stringContaining('frozen until') as string,
      until: now + minute,
    })
  })

  const rows: [label: string, given: Partial<GateInput>, want: object][] = [
    ['none', { gates: noGates }, { kind: 'open', reason: 'There are no gates.' }],
    [
      'one waits for a person',
      { gates: all, sources: [healthy(0)], overrides: [override('freeze', bob)] },
      { kind: 'waiting' },
    ],
    ['one refuses', { gates: all, sources: [] }, { kind: 'refused' }],
    [
      'open',
      { gates: all, sources: [healthy(0)], approvals: [approval(bob)], overrides: [override('freeze', bob)] },
      { kind: 'open' },
    ],
  ]
  it.each(rows)('%s', (_label, given, want) => {
    expect(summariseGates(evaluateGates(input(given), now))).toMatchObject(want)
  })

  it('are evaluated from now alone, whichever way the clock was set', () => {
    const given = input({ gates: all, sources: [healthy(now - hour)], approvals: [approval(bob)] })
    const verdicts = (at: number) => evaluateGates(given, at).map(({ verdict }) => verdict)
    const before = verdicts(now)
    expect(verdicts(now + minute)).toEqual(['passed', 'passed', 'passed', 'passed'])
    expect(verdicts(now - hour)).toEqual(['passed', 'waiting', 'passed', 'passed'])
    expect(verdicts(now)).toEqual(before)
  })
})

it.each<[string, Partial<Gates>, boolean]>([
  ['nothing', {}, false],
  ['who may override', { override: ['admin'] }, false],
  ['health', { health: true }, true],
  ['soak', { soakMs: 1 }, true],
  ['approvals', { approvals: { count: 1, roles: [], separate: [] } }, true],
  ['a window', { freeze: [{ kind: 'once', from: 0, to: 1, reason: '' }] }, true],
])('isGated: %s', (_label, rule, want) => {
  expect(isGated(gates(rule))).toBe(want)
})
