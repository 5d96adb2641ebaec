import { describe, expect, it } from 'vitest'
import { noGates } from './evaluate-gates.ts'
import { describeCause, gateCause, type CauseVerdict, type ChangeCause } from './gate-cause.ts'
import { approval, bob, cat, digest, gates, healthy, hour, input, minute, now } from './gates.fixture.ts'
import type { GateInput, Gates, GuardedEnvironment, SourceSeen } from './types.ts'

const causes: Record<ChangeCause['kind'], ChangeCause> = {
  automation: { kind: 'automation', tag: '0.4.12' },
  chart: { kind: 'chart', detail: '0.2.0 → 0.2.1' },
  'values-from': { kind: 'values-from', source: 'Secret prod/podinfo' },
  'hand-push': { kind: 'hand-push', commit: 'abcdef0123', author: 'Eve' },
  'manual-release': { kind: 'manual-release', by: 'ann@example.org' },
  promotion: { kind: 'promotion', id: 'pr-1' },
  rollback: { kind: 'rollback', revision: 41, ranBefore: true },
  repair: { kind: 'repair', detail: 'kubectl edit' },
  gates: { kind: 'gates', commit: 'abcdef0123', author: 'Eve' },
}
const guarded = (more: Partial<Gates>): GuardedEnvironment => ({ sources: ['stg'], gates: gates(more) })
const approved = guarded({ approvals: { count: 1, roles: ['approver'], separate: ['requester'] } })
const frozen = guarded({ freeze: [{ kind: 'once', from: now, to: now + hour, reason: 'sale' }] })
const soaked = guarded({ soakMs: hour })
const open: GuardedEnvironment = { sources: ['stg'], gates: noGates }
const always = { day: 0, minute: 0 }
const shut = guarded({ freeze: [{ kind: 'weekly', from: always, to: always, zone: 'UTC', reason: 'closed' }] })

const verdict = (
  cause: ChangeCause,
  guard: GuardedEnvironment | [before: GuardedEnvironment, after: GuardedEnvironment],
  seen: Partial<GateInput> = {},
): CauseVerdict => {
  const [before, after] = Array.isArray(guard) ? guard : [guard, guard]
  const { gates: _gates, ...given } = input(seen)
  return gateCause({ cause, before, after }, given, now)
}

const gatedKinds = ['automation', 'chart', 'values-from', 'hand-push', 'manual-release', 'promotion', 'gates'] as const
const [early, late] = [[healthy(now - minute)], [healthy(now - hour)]]

describe('gateCause', () => {
  describe.each(gatedKinds)('%s', (kind) => {
    const rows: [
      label: string,
      guard: Parameters<typeof verdict>[1],
      seen: Partial<GateInput>,
      want: CauseVerdict['kind'],
      says: string,
    ][] = [
      ['no gates: at once, as Flux did', open, {}, 'follow', 'has no gates'],
      ['approval missing', approved, {}, 'promotion', 'missing'],
      ['approved', approved, { approvals: [approval(bob)] }, 'follow', 'are open'],
      [
        'approved for another plan',
        approved,
        { approvals: [approval(bob, { planDigest: 'x' })] },
        'promotion',
        'another plan',
      ],
      ['frozen', frozen, {}, 'promotion', 'sale'],
      ['not soaked', soaked, { sources: early }, 'promotion', 'stg'],
      ['soaked', soaked, { sources: late }, 'follow', 'are open'],
      ['frozen without end', shut, {}, 'refused', 'closed'],
      ['rejected', approved, { approvals: [approval(cat, { decision: 'reject' })] }, 'refused', 'cat rejected it'],
      ['the same commit drops the gates', [approved, open], {}, 'promotion', 'The old gates of prod decide'],
      ['the same commit ends the freeze', [frozen, open], {}, 'promotion', 'looser'],
      ['the same commit swaps the gates: both count', [frozen, approved], {}, 'promotion', 'missing'],
      ['the same commit brings a gate', [open, approved], {}, 'promotion', 'missing'],
      ['moved from a gated environment to an open one', [approved, open], {}, 'promotion', 'missing'],
      ['loosened, and the old gates are open', [approved, open], { approvals: [approval(bob)] }, 'follow', 'looser'],
    ]
    it.each(rows)('%s', (_label, guard, seen, want, says) => {
      const decided = verdict(causes[kind], guard, seen)
      expect(decided.kind).toBe(want)
      expect(decided.reason).toContain(says)
    })
  })

  const exempt: [
    label: string,
    cause: ChangeCause,
    guard: GuardedEnvironment,
    want: CauseVerdict['kind'],
    says: string,
  ][] = [
    ['repair of what is deployed', causes.repair, shut, 'follow', 'Repair'],
    ['rollback to what ran before', causes.rollback, shut, 'follow', 'Revision 41'],
    [
      'rollback to what never ran',
      { kind: 'rollback', revision: 9, ranBefore: false },
      approved,
      'promotion',
      'never ran here',
    ],
    [
      'a promotion that went through',
      { kind: 'promotion', id: 'pr-1', applied: digest },
      shut,
      'follow',
      'this very plan',
    ],
    [
      'a promotion changed since',
      { kind: 'promotion', id: 'pr-1', applied: 'plan-0' },
      approved,
      'refused',
      'another plan',
    ],
    [
      'a promotion changed since, without gates',
      { kind: 'promotion', id: 'pr-1', applied: 'plan-0' },
      open,
      'refused',
      'another plan',
    ],
  ]
  it.each(exempt)('%s', (_label, cause, guard, want, says) => {
    const decided = verdict(cause, guard)
    expect(decided.kind).toBe(want)
    expect(decided.reason).toContain(says)
  })

  it('asks no environment that is no source', () => {
    const seen = { sources: [{ ...late[0], environment: 'dev' } as SourceSeen] }
    expect(verdict(causes.automation, soaked, seen)).toMatchObject({ kind: 'refused' })
    const dev = { ...soaked, sources: ['dev'] }
    expect(verdict(causes.automation, dev, seen)).toMatchObject({ kind: 'follow' })
    expect(verdict(causes['hand-push'], [soaked, dev], seen)).toMatchObject({ kind: 'refused' })
    expect(
      verdict(causes.gates, soaked, { sources: [{ ...late[0], environment: 'Git' } as SourceSeen] }),
    ).toMatchObject({
      kind: 'follow',
    })
  })

  it('says when the clock may open the gates', () => {
    expect(verdict(causes.automation, frozen)).toMatchObject({ until: now + hour })
    expect(verdict(causes.automation, approved)).not.toHaveProperty('until')
  })

  it('has words for every cause', () => {
    const words = Object.values(causes).map(describeCause)
    expect(new Set(words).size).toBe(words.length)
  })
})
