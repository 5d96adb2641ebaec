import { describe, expect, it } from 'vitest'
import { arrangePipeline } from './arrange-pipeline.ts'

const edges = (...ways: string[]) =>
  ways.map((way) => {
    const [from = '', to = ''] = way.split('>')
    return { from, to }
  })

const rows: [label: string, environments: string[], ways: string[], columns: string[]][] = [
  ['nothing', [], [], []],
  ['one alone', ['dev'], [], ['dev 0.5']],
  ['a chain', ['dev', 'stg', 'prod'], ['dev>stg', 'stg>prod'], ['dev 0.5', 'stg 0.5', 'prod 0.5']],
  ['fan-out, centred', ['dev', 'eu', 'us'], ['dev>eu', 'dev>us'], ['dev 1', 'eu 0.5, us 1.5']],
  ['fan-in', ['qa', 'perf', 'prod'], ['qa>prod', 'perf>prod'], ['qa 0.5, perf 1.5', 'prod 1']],
  [
    'the longest way counts, and what passes by has a lane',
    ['dev', 'stg', 'prod'],
    ['dev>stg', 'stg>prod', 'dev>prod'],
    ['dev 1', 'stg 0.5', 'prod 1'],
  ],
  ['each near what it comes from', ['a', 'b', 'c', 'd'], ['b>c', 'a>d'], ['a 0.5, b 1.5', 'd 0.5, c 1.5']],
  ['one without an edge stands first', ['dev', 'stg', 'lab'], ['dev>stg'], ['dev 0.5, lab 1.5', 'stg 1']],
  ['an edge from nowhere is none', ['stg'], ['dev>stg'], ['stg 0.5']],
]

describe('arrangePipeline', () => {
  it.each(rows)('%s', (_, environments, ways, columns) => {
    const layout = arrangePipeline(environments, edges(...ways))
    const seen = Array.from({ length: layout.columns }, (_unused, column) =>
      layout.environments
        .filter((one) => one.column === column)
        .toSorted((a, b) => a.at - b.at)
        .map(({ name, at }) => `${name} ${at}`)
        .join(', '),
    )
    expect(seen).toEqual(columns)
  })

  it('leads an edge past the environments between', () => {
    const { edges: placed, rows: height } = arrangePipeline(
      ['dev', 'stg', 'prod'],
      edges('dev>stg', 'stg>prod', 'dev>prod'),
    )
    expect(height).toBe(2)
    expect(placed.find(({ from, to }) => from === 'dev' && to === 'prod')?.stretches).toEqual([
      { through: 'gap', column: 0, start: 1, end: 1.5 },
      { through: 'column', column: 1, start: 1.5, end: 1.5 },
      { through: 'gap', column: 1, start: 1.5, end: 1 },
    ])
  })

  it('keeps words apart where two edges cross, and in the middle elsewhere', () => {
    const crossing = arrangePipeline(['a', 'b', 'c', 'd'], edges('a>c', 'a>d', 'b>c', 'b>d'))
    expect(crossing.edges.map(({ from, to, wordsAt }) => `${from}${to} ${wordsAt}`)).toEqual([
      'ac 0.5',
      'ad 0.3',
      'bc 0.3',
      'bd 0.5',
    ])
  })

  it('ends with a cycle, and draws no edge that leads back', () => {
    const { environments, edges: placed } = arrangePipeline(['a', 'b'], edges('a>b', 'b>a'))
    expect(environments).toHaveLength(2)
    for (const { stretches } of placed) expect(stretches).toHaveLength(1)
  })
})
