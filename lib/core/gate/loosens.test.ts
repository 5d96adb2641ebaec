import { describe, expect, it } from 'vitest'
import { noGates } from './evaluate-gates.ts'
import { gates, hour, minute, now } from './gates.fixture.ts'
import { gatesInForce, loosens, strictest } from './loosens.ts'
import type { ApprovalRule, FreezeWindow, Gates, GuardedEnvironment } from './types.ts'

const guarded = (more: Partial<Gates>, sources = ['stg']): GuardedEnvironment => ({ sources, gates: gates(more) })
const rule = (more: Partial<ApprovalRule> = {}): Partial<Gates> => ({
  approvals: { count: 2, roles: ['approver'], separate: ['requester', 'author'], ...more },
})
const once = (from: number, to: number): FreezeWindow => ({ kind: 'once', from, to, reason: 'sale' })
const weekly = (from: [day: number, hours: number], to: [day: number, hours: number], zone = 'UTC'): FreezeWindow => ({
  kind: 'weekly',
  from: { day: from[0], minute: from[1] * 60 },
  to: { day: to[0], minute: to[1] * 60 },
  zone,
  reason: 'weekend',
})
const frozen = (...freeze: FreezeWindow[]): Partial<Gates> => ({ freeze })

describe('loosens', () => {
  const rows: [label: string, before: GuardedEnvironment, after: GuardedEnvironment, want: string[]][] = [
    ['the same', guarded({ health: true, ...rule() }), guarded({ health: true, ...rule() }), []],
    ['gates where there were none', guarded({}), guarded({ health: true, soakMs: hour, ...rule() }), []],
    [
      'all gone',
      guarded({ health: true, soakMs: hour, ...rule() }),
      { sources: ['stg'], gates: noGates },
      ['health', 'soak', 'approvals'],
    ],
    ['health', guarded({ health: true }), guarded({}), ['health']],
    ['a shorter soak', guarded({ soakMs: hour }), guarded({ soakMs: minute }), ['soak']],
    ['a longer soak', guarded({ soakMs: minute }), guarded({ soakMs: hour }), []],
    ['a source more', guarded({ soakMs: hour }), guarded({ soakMs: hour }, ['stg', 'dev']), ['source']],
    ['another source', guarded({ health: true }), guarded({ health: true }, ['dev']), ['source']],
    ['a source less', guarded({ soakMs: hour }, ['stg', 'dev']), guarded({ soakMs: hour }), []],
    ['another source that nobody asks', guarded(rule()), guarded(rule(), ['dev']), []],
    ['a check gone', guarded({ checks: ['e2e', 'scan'] }), guarded({ checks: ['scan'] }), ['checks']],
    ['all checks gone', guarded({ checks: ['e2e', 'scan'] }), guarded({}), ['checks', 'checks']],
    ['another check instead', guarded({ checks: ['e2e'] }), guarded({ checks: ['scan'] }), ['checks']],
    ['a check more, in another order', guarded({ checks: ['e2e'] }), guarded({ checks: ['scan', 'e2e'] }), []],
    ['fewer approvals', guarded(rule()), guarded(rule({ count: 1 })), ['approvals']],
    ['more approvals', guarded(rule()), guarded(rule({ count: 3 })), []],
    [
      'a lesser role',
      guarded(rule({ roles: ['admin'] })),
      guarded(rule({ roles: ['admin', 'approver'] })),
      ['approvals'],
    ],
    ['the same role in other words', guarded(rule()), guarded(rule({ roles: ['admin', 'approver'] })), []],
    ['the author may', guarded(rule()), guarded(rule({ separate: ['requester'] })), ['approvals']],
    [
      'everything about approvals',
      guarded(rule({ roles: ['admin'] })),
      guarded(rule({ count: 1, separate: [] })),
      ['approvals', 'approvals', 'approvals', 'approvals'],
    ],
    ['a lesser role may override', guarded({}), guarded({ override: ['deployer'] }), ['override']],
    ['nobody could, an admin may override', guarded({ override: [] }), guarded({ override: ['admin'] }), ['override']],
    ['nobody may override', guarded({}), guarded({ override: [] }), []],
    ['a window gone', guarded(frozen(once(now, now + hour))), guarded({}), ['freeze']],
    ['a window that is over', guarded(frozen(once(now - hour, now))), guarded({}), []],
    [
      'a window shortened',
      guarded(frozen(once(now, now + hour))),
      guarded(frozen(once(now, now + minute))),
      ['freeze'],
    ],
    [
      'a window begun later',
      guarded(frozen(once(now + 1, now + hour))),
      guarded(frozen(once(now + 2, now + hour))),
      ['freeze'],
    ],
    [
      'only what is past cut off',
      guarded(frozen(once(now - hour, now + hour))),
      guarded(frozen(once(now - 1, now + hour))),
      [],
    ],
    ['a window extended', guarded(frozen(once(now, now + minute))), guarded(frozen(once(now - 1, now + hour))), []],
    ['a weekend gone', guarded(frozen(weekly([4, 18], [0, 7]))), guarded({}), ['freeze']],
    [
      'a weekend that ends sooner',
      guarded(frozen(weekly([4, 18], [0, 7]))),
      guarded(frozen(weekly([4, 18], [6, 7]))),
      ['freeze'],
    ],
    [
      'a weekend that begins later',
      guarded(frozen(weekly([4, 18], [0, 7]))),
      guarded(frozen(weekly([5, 0], [0, 7]))),
      ['freeze'],
    ],
    ['a longer weekend', guarded(frozen(weekly([4, 18], [0, 7]))), guarded(frozen(weekly([3, 18], [0, 8]))), []],
    ['the whole week', guarded(frozen(weekly([4, 18], [0, 7]))), guarded(frozen(weekly([2, 3], [2, 3]))), []],
    [
      'no longer the whole week',
      guarded(frozen(weekly([2, 3], [2, 3]))),
      guarded(frozen(weekly([2, 3], [2, 2]))),
      ['freeze'],
    ],
    [
      'another zone',
      guarded(frozen(weekly([4, 18], [0, 7]))),
      guarded(frozen(weekly([3, 18], [0, 8], 'Europe/Berlin'))),
      ['freeze'],
    ],
    [
      'another reason',
      guarded(frozen(once(now, now + 1))),
      guarded(frozen({ ...once(now, now + 1), reason: 'x' })),
      [],
    ],
  ]
  it.each(rows)('%s', (_label, before, after, want) => {
    expect(loosens(before, after, now).map(({ gate }) => gate)).toEqual(want)
  })

  it.each(rows)('%s: what is strictest loosens neither', (_label, before, after) => {
    const both = strictest(before, after)
    expect(loosens(before, both, now)).toEqual([])
    // Where both have no source in common, those of the older one count.
    const common = after.sources.some((source) => before.sources.includes(source))
    expect(loosens(common ? after : before, both, now)).toEqual([])
  })
})

describe('gatesInForce', () => {
  it('are what Git says where nothing is loosened', () => {
    const committed = guarded({ soakMs: hour })
    expect(gatesInForce(guarded({}), committed, now)).toEqual({ inForce: committed, loosened: [] })
  })
  it('ask the new source where the old gates asked none', () => {
    const { inForce } = gatesInForce(guarded(rule(), []), guarded({ soakMs: hour }), now)
    expect(inForce).toMatchObject({ sources: ['stg'], gates: { soakMs: hour, approvals: { count: 2 } } })
  })
  it('keep the old gate and take the new one where one goes and one comes', () => {
    const { inForce, loosened } = gatesInForce(guarded({ soakMs: hour }), guarded(rule()), now)
    expect(loosened).toHaveLength(1)
    expect(inForce.gates).toMatchObject({ soakMs: hour, approvals: { count: 2 } })
  })
})
