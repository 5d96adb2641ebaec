import { expect, it } from 'vitest'
import { describeGates, gatesInWords } from './describe-gates.ts'
import { noGates } from './evaluate-gates.ts'
import type { Gates } from './types.ts'

const rows: [label: string, gates: Partial<Gates>, want: string[]][] = [
  ['none', {}, []],
  ['health', { health: true }, ['The source is healthy with what is promoted.']],
  ['soak', { soakMs: 5_400_000 }, ['The source has been healthy with it for 1 h 30 min.']],
  ['a check', { checks: ['ci/e2e'] }, ['The check ci/e2e passed for this very plan.']],
  ['checks', { checks: ['ci/e2e', 'scan'] }, ['The checks ci/e2e, scan passed for this very plan.']],
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

const approvals: Gates['approvals'] = { count: 2, roles: ['approver'], separate: [] }
const week: Gates['freeze'] = [{ kind: 'once', from: 0, to: 86_400_000, reason: 'New year' }]
const shortRows: [label: string, gates: Partial<Gates>, now: number, want: string[]][] = [
  ['none', {}, 0, []],
  [
    'in their order',
    { approvals, soakMs: 1_800_000, health: true },
    0,
    ['healthy source', 'soak 30 min', '2 approvals'],
  ],
  ['one check', { checks: ['ci/e2e'] }, 0, ['check ci/e2e']],
  ['several checks', { checks: ['ci/e2e', 'scan'], approvals }, 0, ['2 checks', '2 approvals']],
  ['a freeze that is on', { freeze: week }, 5, ['frozen until 1970-01-02T00:00:00Z (shut)']],
  ['one that comes', { freeze: week }, -5, ['freeze from 1970-01-01T00:00:00Z']],
  ['one that is over', { freeze: week }, 86_400_000, ['no freeze ahead']],
]
it.each(shortRows)('gatesInWords: %s', (_label, gates, now, want) => {
  const words = gatesInWords({ ...noGates, ...gates }, now)
  expect(words.map((one) => `${one.words}${one.shut ? ' (shut)' : ''}`)).toEqual(want)
  expect(words.flatMap(({ says }) => says)).toEqual(describeGates({ ...noGates, ...gates }))
})
