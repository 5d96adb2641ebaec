import { expect, it } from 'vitest'
import { incident } from './incident.fixture.ts'
import { previewRule } from './preview.ts'

const any = { kinds: [], severities: [], environments: [], applications: [] }
const past = [
  incident({ id: 'a' }),
  incident({ id: 'b', kind: 'unhealthy', severity: 'warning', environment: 'dev' }),
  incident({ id: 'c', kind: 'unhealthy', severity: 'warning' }),
]

it('shows what a rule would have told, newest first, and of which kinds', () => {
  const { looked, matched, shown, kinds } = previewRule({ ...any, severities: ['warning'] }, past)
  expect([looked, matched, shown.map(({ id }) => id)]).toEqual([3, 2, ['b', 'c']])
  expect(kinds).toEqual([{ kind: 'unhealthy', count: 2 }])
  expect(previewRule(any, past).kinds[0]).toEqual({ kind: 'unhealthy', count: 2 })
})

it('counts all and shows twenty', () => {
  const many = Array.from({ length: 30 }, (_, index) => incident({ id: `i${index}` }))
  const { matched, shown } = previewRule(any, many)
  expect([matched, shown.length, shown[0]?.id]).toEqual([30, 20, 'i0'])
})
