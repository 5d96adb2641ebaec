import { expect, it } from 'vitest'
import { describeGates } from './describe-gates.ts'
import { noGates } from './evaluate-gates.ts'
import type { Gates } from './types.ts'

const rows: [label: string, gates: Partial<Gates>, want: string[]][] = [
  ['none', {}, []],
  ['health', { health: true }, ['The source is healthy with what is promoted.']],
  ['soak', { soakMs: 5_400_000 }, ['The source has been healthy with it for 1 h 30 min.']],
  [
    'one approval by anybody else',
    { approvals: { count: 1, roles: ['approver'], separate: ['requester', 'author'] } },
    ['1 approval by approver, not by the requester or the author.'],
  ],
  [
    'two approvals',
    { approvals: { count: 2, roles: ['approver', 'admin'], separate: [] } },
    ['2 approvals by approver or admin.'],
  ],
  [
    'a freeze',
    { freeze: [{ kind: 'once', from: 0, to: 86_400_000, reason: 'New year' }] },
    ['Frozen 1970-01-01T00:00:00Z to 1970-01-02T00:00:00Z: New year.'],
  ],
]
it.each(rows)('describeGates: %s', (_label, gates, want) => {
  expect(describeGates({ ...noGates, ...gates })).toEqual(want)
})
