import { describe, expect, it } from 'vitest'
import type { Me } from '#lib/api/me.ts'
import type { Gate, PromotionDetail } from '#lib/api/promotions.ts'
import { decisionOffers, overrideOffer } from './promotion-actions.ts'

const me = (name: string, role: Me['roles'][string]): Me => ({
  id: name,
  email: `${name}@test`,
  name,
  roles: { '*': role },
  via: 'session',
  hasPassword: true,
})

const approvals = (verdict: Gate['verdict']): Gate => ({
  gate: 'approvals',
  verdict,
  evidence: 'One approval is missing.',
  whoCould: [
    { act: 'approve', roles: ['approver', 'admin'], except: [{ name: 'ann', because: 'requester' }] },
    { act: 'override', roles: ['admin'], except: [] },
  ],
})

type Offered = Parameters<typeof decisionOffers>[0]

const promotion = (more: Partial<PromotionDetail> = {}): Offered => ({
  state: 'approved',
  to: 'prod',
  way: 'retag',
  requester: { name: 'ann', emails: ['ann@test'] },
  gates: [],
  approvals: [],
  ...more,
})

/** `Promote` free to use, `(Promote)` blocked. */
const words = (offered: Offered, who: Me) =>
  decisionOffers(offered, who).map(({ words: text, blocked }) => (blocked ? `(${text})` : text))

describe('decisionOffers', () => {
  it.each<[string, Offered, Me, string[]]>([
    ['no gates', promotion(), me('ann', 'deployer'), ['Withdraw', 'Promote']],
    ['a push that is let through', promotion({ way: 'let-through' }), me('ann', 'deployer'), ['Withdraw']],
    ['what automation found', promotion({ requester: undefined }), me('ann', 'deployer'), ['Withdraw']],
    ['a viewer sees what others could', promotion(), me('vic', 'viewer'), ['(Withdraw)', '(Promote)']],
    [
      'the requester asks, and does not approve',
      promotion({ state: 'waiting', gates: [approvals('waiting')] }),
      me('ann', 'admin'),
      ['Withdraw', 'Reject', '(Approve)', 'Ask for approval'],
    ],
    [
      'another approves',
      promotion({ state: 'waiting', gates: [approvals('waiting')], applied: { by: 'ann@test', at: 1 } }),
      me('bob', 'approver'),
      ['Withdraw', 'Reject', 'Approve'],
    ],
    [
      'a greater role than is asked for',
      promotion({
        state: 'waiting',
        gates: [{ ...approvals('waiting'), whoCould: [{ act: 'approve', roles: ['approver'], except: [] }] }],
        applied: { by: 'ann@test', at: 1 },
      }),
      me('adam', 'admin'),
      ['Withdraw', 'Reject', 'Approve'],
    ],
    [
      'nothing is left to approve',
      promotion({ gates: [approvals('passed')] }),
      me('bob', 'approver'),
      ['Withdraw', 'Reject', 'Promote'],
    ],
    ['while it is written it can be taken back', promotion({ state: 'writing' }), me('ann', 'admin'), ['Withdraw']],
    ['on its way', promotion({ state: 'deploying' }), me('ann', 'admin'), []],
    ['ended', promotion({ state: 'verified', endedAt: 2 }), me('ann', 'admin'), []],
  ])('%s', (_, offered, who, expected) => {
    expect(words(offered, who)).toEqual(expected)
  })

  it('tells the requester why not', () => {
    const offers = decisionOffers(promotion({ state: 'waiting', gates: [approvals('waiting')] }), me('ann', 'admin'))
    expect(offers.find(({ kind }) => kind === 'approve')?.blocked).toBe('Not you: you asked for it.')
  })
})

describe('overrideOffer', () => {
  it.each<[string, Gate, PromotionDetail['state'], Me, unknown]>([
    ['an admin may', approvals('waiting'), 'waiting', me('ann', 'admin'), { kind: 'offered', gate: 'approvals' }],
    [
      'a deployer is told who could',
      approvals('waiting'),
      'waiting',
      me('dan', 'deployer'),
      { kind: 'offered', gate: 'approvals', blocked: expect.stringContaining('in prod') as string },
    ],
    ['not once it is written', approvals('waiting'), 'deploying', me('ann', 'admin'), { kind: 'none' }],
    [
      'a gate nobody may override',
      { gate: 'health', verdict: 'refused', evidence: 'Never healthy.', whoCould: [] },
      'waiting',
      me('ann', 'admin'),
      { kind: 'none' },
    ],
  ])('%s', (_, gate, state, who, expected) => {
    expect(overrideOffer(gate, { to: 'prod', state }, who)).toEqual(expected)
  })
})
