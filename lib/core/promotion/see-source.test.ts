import { expect, it } from 'vitest'
import type { SourceSeen } from '../gate/types.ts'
import { seeSource, type Brought, type SourceRevision } from './see-source.ts'

const health = { kind: 'healthy' as const, reason: 'ok.', since: 50 }
/** One letter per revision, ten milliseconds apart; `?` = digest not known. */
const history = (letters: string, chart?: string): SourceRevision[] =>
  [...letters].map((letter, index) => ({
    images: { app: letter === '?' ? undefined : letter },
    at: index * 10,
    healthyMs: index + 1,
    ...(chart === undefined ? {} : { chart }),
  }))
const runs = (since: number): SourceSeen => ({ kind: 'runs', environment: 'stg', since, health })
const app = (digest: string): Brought => ({ images: { app: digest } })

const rows: [label: string, history: SourceRevision[], brought: Brought, want: Partial<SourceSeen>][] = [
  ['runs it', history('abc'), app('c'), runs(20)],
  ['runs it over several revisions', history('abbb'), app('b'), runs(10)],
  ['runs it again: from the last time on', history('bab'), app('b'), runs(20)],
  ['ran it', history('abc'), app('b'), { kind: 'ran', until: 20, healthyMs: 2 }],
  ['ran it twice: the last time counts', history('babc'), app('b'), { kind: 'ran', until: 30, healthyMs: 3 }],
  ['never had it', history('abc'), app('x'), { kind: 'never' }],
  ['never had anything', [], app('x'), { kind: 'never' }],
  ['does not know what runs', history('ab?'), app('b'), { kind: 'unknown' }],
  ['did not know before', history('?b'), app('b'), runs(10)],
  ['has no such container', history('a'), { images: { other: 'a' } }, { kind: 'never' }],
  ['the same chart', history('a', 'c1'), { ...app('a'), chart: 'c1' }, runs(0)],
  ['another chart', history('a', 'c1'), { ...app('a'), chart: 'c2' }, { kind: 'never' }],
  ['a chart not known', history('a'), { ...app('a'), chart: 'c2' }, { kind: 'unknown' }],
  ['the chart alone', history('ab', 'c1'), { images: {}, chart: 'c1' }, runs(0)],
]
it.each(rows)('seeSource: %s', (_label, revisions, brought, want) => {
  expect(seeSource('stg', revisions, health, brought)).toMatchObject(want)
})
