import { describe, expect, it } from 'vitest'
import { applicationEdges, findCycle, guardOf, pipelineGraph, sourcesOf } from './graph.ts'
import { defaultRules } from './promotion-rules.ts'
import type { PromotionRules } from './types.ts'

const config = (environments: string[], from: Record<string, string[]> = {}) => ({
  environments,
  promotion: Object.fromEntries(
    Object.entries(from).map(([name, sources]): [string, PromotionRules] => [name, { ...defaultRules, from: sources }]),
  ),
})
const arrows = (edges: readonly { from: string; to: string }[]): string =>
  edges.map(({ from, to }) => `${from}>${to}`).join(' ')

describe('pipelineGraph', () => {
  const rows: [label: string, rules: ReturnType<typeof config>, present: string[], edges: string, beside: string[]][] =
    [
      ['inferred', config([]), ['prod', 'dev', 'stg'], 'dev>stg stg>prod', []],
      ['inferred, a stage missing', config([]), ['prod', 'dev'], 'dev>prod', []],
      [
        'inferred, an unknown name stands beside',
        config([]),
        ['dev', 'hotfix', 'prod', 'adm'],
        'dev>prod',
        ['adm', 'hotfix'],
      ],
      [
        'inferred, two spellings of one stage',
        config([]),
        ['dev', 'rc', 'stg', 'prod'],
        'dev>rc dev>stg rc>prod stg>prod',
        [],
      ],
      ['nothing there', config([]), [], '', []],
      ['listed, in any order', config(['eu', 'us', 'asia']), ['us', 'eu', 'asia'], 'eu>us us>asia', []],
      [
        'listed, what is not listed stands beside',
        config(['stg', 'prod']),
        ['dev', 'stg', 'prod'],
        'stg>prod',
        ['dev'],
      ],
      ['listed, and not there yet', config(['dev', 'prod']), [], 'dev>prod', []],
      ['fan-out', config(['dev', 'stg', 'eu', 'us'], { eu: ['stg'], us: ['stg'] }), [], 'dev>stg stg>eu stg>us', []],
      ['fan-in', config(['eu', 'us', 'all'], { us: [], all: ['eu', 'us'] }), [], 'eu>all us>all', []],
      ['promoted from nowhere', config(['dev', 'prod'], { prod: [] }), [], '', []],
      ['promoted from the right', config(['prod', 'hotfix'], { prod: ['hotfix'], hotfix: [] }), [], 'hotfix>prod', []],
    ]
  it.each(rows)('%s', (_label, rules, present, edges, beside) => {
    const graph = pipelineGraph(rules, present)
    expect(arrows(graph.edges)).toBe(edges)
    expect(graph.beside).toEqual(beside)
  })
})

describe('of one application', () => {
  const written = pipelineGraph(config(['dev', 'stg', 'prod'], { prod: ['stg'] }), [])
  const inferred = pipelineGraph(config([]), ['dev', 'test', 'rc', 'stg', 'prod', 'hotfix'])
  const rows: [label: string, graph: typeof written, has: string[], want: string][] = [
    ['everywhere', inferred, ['dev', 'test', 'stg', 'prod'], 'dev>test test>stg stg>prod'],
    ['not in the middle', inferred, ['dev', 'prod'], 'dev>prod'],
    ['in one of two of a stage', inferred, ['dev', 'rc', 'prod'], 'dev>rc rc>prod'],
    ['beside the pipeline', inferred, ['dev', 'hotfix'], ''],
    ['in one alone', inferred, ['prod'], ''],
    ['a source that is named is not passed over', written, ['dev', 'prod'], ''],
  ]
  it.each(rows)('%s', (_label, graph, has, want) => {
    expect(arrows(applicationEdges(graph, new Set(has)))).toBe(want)
  })
  it('ends in a circle too', () => {
    const circle = {
      environments: ['a', 'b'],
      beside: [],
      edges: [
        { from: 'a', to: 'b', written: false },
        { from: 'b', to: 'a', written: false },
      ],
    }
    expect(sourcesOf(circle, 'a', new Set(['a']))).toEqual([])
    expect(sourcesOf(circle, 'a', new Set(['a', 'b']))).toEqual(['b'])
  })
})

it.each([
  ['inferred', config([]), 'prod', ['dev', 'stg', 'prod'], ['stg']],
  ['listed', config(['dev', 'stg', 'prod'], { prod: ['dev'] }), 'prod', ['dev', 'stg', 'prod'], ['dev']],
  ['the source lacks it', config(['dev', 'stg', 'prod'], { prod: ['dev'] }), 'prod', ['prod'], []],
  ['beside', config([]), 'adm', ['adm'], []],
])('guardOf: %s', (_label, rules, environment, has, sources) => {
  expect(guardOf(rules, environment, new Set(has))).toEqual({ sources, gates: defaultRules.gates })
})

it.each<[edges: string, want: string[] | undefined]>([
  ['', undefined],
  ['a>b b>c a>c', undefined],
  ['a>a', ['a']],
  ['a>b b>c c>b', ['b', 'c']],
  ['x>a a>b b>a', ['a', 'b']],
])('findCycle in %s', (text, want) => {
  const edges = text === '' ? [] : text.split(' ').map((edge) => ({ from: edge[0] ?? '', to: edge[2] ?? '' }))
  expect(findCycle(edges)).toEqual(want)
})
