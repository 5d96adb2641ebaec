import { expect, it } from 'vitest'
import { carryChart, type CarriedChart, type ChartToCarry } from './carry-chart.ts'

const [older, newer] = [
  { commit: 'a'.repeat(40), tree: 'tree-1' },
  { commit: 'b'.repeat(40), tree: 'tree-2' },
]
const git = { kind: 'git' as const, path: 'charts/podinfo', skipDependencies: false }
const http = { kind: 'http' as const, url: 'https://charts.example.org', name: 'podinfo', version: '1.2.3' }
const [v1, v1beta1, v2] = ['helm.fluxcd.io/v1', 'flux.weave.works/v1beta1', 'helm.toolkit.fluxcd.io/v2'] as const
const template = { chart: { spec: { chart: 'charts/podinfo' } } }

const base: ChartToCarry = {
  environment: 'prod',
  gated: true,
  document: { generation: v1, chart: git, spec: {} },
  naming: 'moving',
  own: newer,
  left: newer,
  deployed: newer.tree,
}
const pinnedTo = (at: typeof older, moves: boolean): CarriedChart => ({
  kind: 'pin',
  change: { kind: 'scalar', path: ['spec', 'chart', 'ref'], value: at.commit },
  at,
  moves,
})
const leave: CarriedChart = { kind: 'leave' }
const pinned: Partial<ChartToCarry> = {
  document: { ...base.document, chart: { ...git, ref: older.commit } },
  naming: 'commit',
  own: older,
  deployed: older.tree,
}

it.each<[label: string, input: Partial<ChartToCarry>, want: CarriedChart]>([
  ['no gates: it follows', { gated: false }, leave],
  ['not pinned yet: at what it would get anyway', {}, pinnedTo(newer, false)],
  ['an older generation', { document: { ...base.document, generation: v1beta1 } }, pinnedTo(newer, false)],
  ['not pinned yet, moved since it was deployed', { deployed: older.tree }, pinnedTo(newer, true)],
  ['the left is behind the branch: what runs there', { left: older, deployed: older.tree }, pinnedTo(older, false)],
  ['the left is behind both', { left: older }, pinnedTo(older, true)],
  ['what runs on the left is not known: its own', { left: undefined }, pinnedTo(newer, false)],
  ['what is deployed is not known: compared with what Git says', { deployed: undefined }, pinnedTo(newer, false)],
  ['the left has moved on', pinned, pinnedTo(newer, true)],
  ['the left runs the same, by whatever commit', { ...pinned, left: { ...newer, tree: older.tree } }, leave],
  ['pinned, and the left not known', { ...pinned, left: undefined }, leave],
  ['pinned to what is not to be had any more', { ...pinned, own: undefined }, pinnedTo(newer, true)],
  ['neither is to be had', { own: undefined, left: undefined }, leave],
  ['a chart of a repository', { document: { generation: v1, chart: http, spec: {} } }, leave],
  ['a tag that somebody chose', { naming: 'fixed' }, leave],
])('%s', (_label, input, want) => {
  expect(carryChart({ ...base, ...input })).toEqual(want)
})

it.each<[label: string, input: Partial<ChartToCarry>, says: string]>([
  [
    'a GitRepository, which is another document',
    { document: { generation: v2, chart: git, spec: template } },
    'comes from a GitRepository, which stays at what it follows now. When it changes, that waits at the gates of prod.',
  ],
  [
    'a tag that somebody chose, and another chart on the left',
    { naming: 'fixed', own: older, document: { ...base.document, chart: { ...git, ref: 'v1' } } },
    'The chart of prod stays at v1, which its document names. Change spec.chart.ref',
  ],
])('says so: %s', (_label, input, says) => {
  const carried = carryChart({ ...base, ...input })
  expect(carried).toMatchObject({ kind: 'cannot', reason: expect.stringContaining(says) })
})
