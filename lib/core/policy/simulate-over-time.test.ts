import { describe, expect, it } from 'vitest'
import { simulateOverTime, type PastScan } from './simulate-over-time.ts'

const seen = { vanished: false }
const scans: PastScan[] = [
  { at: 1, tags: { 'dev-a': { ...seen, created: 10 }, '1.0.0': seen } },
  { at: 2, tags: { 'dev-b': { ...seen, created: 20 } } },
  { at: 3, tags: { '1.0.1': seen, 'dev-old': { ...seen, created: 5 } } },
  { at: 4, tags: { '1.0.1': { vanished: true } } },
  { at: 5, tags: { 'dev-a': { created: 30, digest: 'd' } } },
]

describe('simulateOverTime', () => {
  it.each<[label: string, pattern: string, moves: string[]]>([
    [
      'by build time, forward only, and again to a tag that moved',
      'glob:dev-*',
      ['1 dev-a', '2 dev-b', '5 dev-a again'],
    ],
    ['by version, without going back from one that vanished', 'semver:~1', ['1 1.0.0', '3 1.0.1']],
    ['of what never was pushed', 'glob:rc-*', []],
  ])('%s', (_label, pattern, moves) => {
    const result = simulateOverTime(pattern, scans)
    expect(result.moves.map(({ at, to, again }) => `${at} ${to}${again ? ' again' : ''}`)).toEqual(moves)
    expect(result.since).toBe(1)
  })

  it('tells from where, and why', () => {
    const { moves, matched } = simulateOverTime('glob:dev-*', scans)
    expect(moves[0]).not.toHaveProperty('from')
    expect(moves[1]).toMatchObject({ from: 'dev-a', reason: expect.stringContaining('newer than dev-a') })
    expect(matched).toBe(3)
  })

  it('says what it lacks: a filter that can be read, or build times', () => {
    expect(simulateOverTime('semver:x y', scans).problem?.code).toBe('policy-semver-invalid')
    expect(simulateOverTime('glob:1.*', scans)).toMatchObject({ moves: [], matched: 2, unread: 2 })
    const { moves, unread } = simulateOverTime('glob:*', scans)
    expect([moves.map(({ to }) => to), unread]).toEqual([['dev-a', 'dev-b', 'dev-a'], 2])
    expect(simulateOverTime('glob:*', [])).toEqual({ moves: [], matched: 0, unread: 0 })
  })
})
