import { describe, expect, it } from 'vitest'
import { auditAlerts, type AuditState } from './audit-alerts.ts'

describe('auditAlerts', () => {
  const rows: [label: string, state: Partial<AuditState>, kinds: string[]][] = [
    ['a whole, anchored trail is no incident', {}, []],
    ['what Git knows and the trail lacks', { gap: 'Row 7 is not there.' }, ['audit-gap']],
    ['a broken chain', { problem: { kind: 'broken-chain', reason: 'Row 7.' } }, ['audit-broken']],
    ['a host that takes no ref', { problem: { kind: 'git', reason: 'protected' } }, ['audit-not-anchored']],
    ['only observing is a choice', { problem: { kind: 'only-observed', reason: '' } }, []],
    [
      'each on its own',
      { gap: 'Row 7.', problem: { kind: 'broken-chain', reason: 'Row 8.' } },
      ['audit-gap', 'audit-broken'],
    ],
  ]
  it.each(rows)('%s', (_label, state, kinds) => {
    const { wanted } = auditAlerts({ gap: undefined, problem: undefined, ...state })
    expect(wanted.map(({ kind }) => kind)).toEqual(kinds)
  })
})
