import { expect, it } from 'vitest'
import type { PromotionState } from '#lib/core/promotion/index.ts'
import type { PromotionRecord, WriteRequest } from '#lib/ports/store/index.ts'
import { emptyMemory } from './deps.ts'
import { gatherBulk } from './gather-bulk.ts'

type One = [id: string, bulk: string | undefined, state: PromotionState, applied: boolean]

const promotion = ([id, bulk, state, applied]: One): PromotionRecord => ({
  id,
  release: `release of ${id}`,
  application: id,
  environment: 'stg',
  way: 'commit',
  state,
  reason: '',
  planDigest: 'd',
  facts: {
    cause: { kind: 'person', actor: 'ann' },
    authors: [],
    images: [],
    changes: [],
    expects: {},
    path: '',
    ...(bulk === undefined ? {} : { bulk }),
    ...(applied ? { applied: { by: 'ann', at: 0, planDigest: 'd' } } : {}),
  },
  steps: [],
  createdAt: 0,
})
const write = (id: string, createdAt = 0): WriteRequest => ({
  id: `write-${id}`,
  operation: `op-${id}`,
  target: { id, path: id },
  changes: [],
  kind: 'promote',
  actor: { name: 'Ann', email: 'ann@example.test' },
  cause: '',
  expects: {},
  createdAt,
})

const rows: [label: string, promotions: One[], now: number, due: string[]][] = [
  ['one of its own', [['a', undefined, 'writing', true]], 0, ['a']],
  [
    'all are here',
    [
      ['a', 'x', 'writing', true],
      ['b', 'x', 'writing', true],
    ],
    0,
    ['a', 'b'],
  ],
  [
    'one is on its way',
    [
      ['a', 'x', 'writing', true],
      ['c', 'x', 'approved', true],
    ],
    0,
    [],
  ],
  [
    'one was only just agreed to',
    [
      ['a', 'x', 'writing', true],
      ['c', 'x', 'planned', true],
    ],
    0,
    [],
  ],
  [
    'one is only looked at',
    [
      ['a', 'x', 'writing', true],
      ['c', 'x', 'planned', false],
    ],
    0,
    ['a'],
  ],
  [
    'one waits for its gates',
    [
      ['a', 'x', 'writing', true],
      ['c', 'x', 'waiting', true],
    ],
    0,
    ['a'],
  ],
  [
    'one has ended',
    [
      ['a', 'x', 'writing', true],
      ['c', 'x', 'refused', true],
    ],
    0,
    ['a'],
  ],
  [
    'another bulk is on its way',
    [
      ['a', 'x', 'writing', true],
      ['c', 'y', 'approved', true],
    ],
    0,
    ['a'],
  ],
  [
    'one takes too long',
    [
      ['a', 'x', 'writing', true],
      ['c', 'x', 'approved', true],
    ],
    30_000,
    ['a'],
  ],
]
it.each(rows)('gatherBulk: %s', (_label, promotions, now, due) => {
  const memory = emptyMemory()
  for (const one of promotions) memory.promotions.set(one[0], promotion(one))
  const pending = [write('a'), write('b')].filter(({ id }) => promotions.some(([name]) => id === `write-${name}`))
  const gathered = gatherBulk({ memory, clock: { now: () => now } }, pending)
  expect(gathered.due.map(({ target }) => target.id)).toEqual(due)
  expect(gathered.until).toBe(due.length === pending.length ? undefined : now + 250)
})
