import { expect, it } from 'vitest'
import type { MergeOfSource } from '#lib/api/promotions.ts'
import { mergeSteps } from './merge-steps.ts'

const planned: MergeOfSource = {
  repository: 'acme/podinfo',
  url: 'https://github.com/acme/podinfo',
  head: { branch: 'stg', commit: 'a'.repeat(40) },
  base: { branch: 'master', commit: 'b'.repeat(40) },
  commits: [],
  count: 2,
  files: 1,
  tag: '0.4.11',
  awaits: [{ container: 'app', repository: 'registry.example.org/podinfo', filter: 'semver:~0.4', version: '0.4.11' }],
  built: false,
}
const pull = { number: 7, url: 'https://github.com/acme/podinfo/pull/7' }
const merged = { commit: 'c'.repeat(40), at: 1 }
type Promotion = Parameters<typeof mergeSteps>[0]

const rows: [label: string, promotion: Promotion, merge: Partial<MergeOfSource>, steps: string[]][] = [
  ['planned', { state: 'waiting' }, {}, ['pull run', 'merge none', 'tag none', 'build none']],
  ['open', { state: 'waiting' }, { pull }, ['pull ok', 'merge none', 'tag none', 'build none']],
  ['being merged', { state: 'writing' }, { pull }, ['pull ok', 'merge run', 'tag none', 'build none']],
  ['merged', { state: 'waiting' }, { pull, merged }, ['pull ok', 'merge ok', 'tag run', 'build run']],
  ['built', { state: 'planned' }, { pull, merged, built: true }, ['pull ok', 'merge ok', 'tag ok', 'build ok']],
  ['without a version', { state: 'waiting' }, { pull, tag: undefined }, ['pull ok', 'merge none', 'build none']],
  [
    'merged before it was asked for',
    { state: 'approved' },
    { merged: { ...merged, earlier: true } },
    ['merge ok', 'tag run', 'build run'],
  ],
  ['given up', { state: 'refused', endedAt: 2 }, { pull }, ['pull ok', 'merge none', 'tag none', 'build none']],
]
it.each(rows)('%s', (_label, promotion, merge, steps) => {
  expect(mergeSteps(promotion, { ...planned, ...merge }).map(({ key, state }) => `${key} ${state}`)).toEqual(steps)
})

it('says who merged it, and what CI builds', () => {
  const words = mergeSteps({ state: 'waiting' }, { ...planned, pull, merged: { ...merged, by: 'ada' } })
  expect(words.map((step) => step.words)).toEqual([
    'Pull request',
    'Merged into master by ada as',
    'The merge is tagged 0.4.11',
    'CI builds podinfo:0.4.11, which is planned before it is deployed',
  ])
})
