import { describe, expect, it } from 'vitest'
import { decideMerge, toldKey, type MergeSeen } from './decide-merge.ts'
import { decidePromotion } from './decide-promotion.ts'
import { approval, approvals, base, digestA, frozen, gated, held, minute, now } from './promotion.fixture.ts'
import { buildPatienceMs, type SourceMerge } from './source-merge.ts'
import type { MergeStep, PromotionAction, PromotionSeen, PromotionState, Told } from './types.ts'

const [head, merge] = ['a'.repeat(40), 'b'.repeat(40)]
const source: SourceMerge = {
  repository: 'acme/podinfo',
  url: 'https://github.com/acme/podinfo',
  head: { branch: 'dev', commit: head },
  base: { branch: 'stg', commit: 'c'.repeat(40) },
  commits: [],
  count: 3,
  authors: [],
  files: 2,
  from: [],
  awaits: [{ container: 'chart-image', repository: 'registry.example.org/podinfo', filter: 'glob:stg-*' }],
}
const pull = { number: 7, url: 'https://github.com/acme/podinfo/pull/7' }
const open = { kind: 'open', head, conflicts: false } as const
const moved = { ...open, head: 'd'.repeat(40) }
const told = (state: 'pending' | 'success', description: string) => toldKey({ ...source, pull }, { state, description })
const green = told('success', 'The gates of prod are open.')
const opened: Partial<SourceMerge> = { pull, told: green }
const merged: Partial<SourceMerge> = { ...opened, merged: { commit: merge, at: now - minute } }
const image = { container: 'chart-image', repository: 'registry.example.org/podinfo', tag: 'stg-bbb', digest: digestA }
const built = { images: [{ kind: 'there', image }] } as const
const awaited = { images: [{ kind: 'awaited', image: source.awaits[0] ?? fail() }] } as const

function fail(): never {
  throw new Error('the fixture awaits nothing')
}

/** As the worker puts the two decisions together. */
function decide(
  promotion: Partial<PromotionSeen>,
  of: Partial<SourceMerge>,
  seen: Partial<MergeSeen>,
): PromotionAction {
  const all: PromotionSeen = { ...base, way: 'merge', images: [], ...promotion }
  const facts: MergeSeen = {
    state: all.state,
    environment: 'prod',
    merge: { ...source, ...of },
    pull: of.pull ? open : { kind: 'none' },
    tag: { kind: 'unasked' },
    images: [],
    open: decidePromotion({ ...all, applied: true }, now).kind === 'write',
    acts: all.stopped === undefined,
    abandoned: all.cancelled !== undefined,
    ...seen,
  }
  return decideMerge(facts, decidePromotion(all, now), now)
}

type Row = [
  label: string,
  promotion: Partial<PromotionSeen>,
  of: Partial<SourceMerge>,
  seen: Partial<MergeSeen>,
  want: [kind: PromotionAction['kind'] | MergeStep['kind'], state: PromotionState],
  says?: string,
]

function check(rows: Row[]): void {
  it.each(rows)('%s', (_label, promotion, of, seen, [kind, state], says = '') => {
    const action = decide(promotion, of, seen)
    expect([action.kind === 'source' ? action.step.kind : action.kind, action.state]).toEqual([kind, state])
    expect(action.reason).toContain(says)
  })
}

const unapplied: Partial<PromotionSeen> = { applied: false, planned: { digest: 'plan-1', bound: false } }

describe('before it is merged', () => {
  check([
    ['a pull request is opened, whatever the gates say', gated(approvals), {}, {}, ['open', 'waiting'], 'dev → stg'],
    ['also while nobody clicked', unapplied, {}, {}, ['open', 'approved']],
    ['but not where it is stopped', { stopped: 'Stopped: storm.' }, {}, {}, ['wait', 'approved'], 'storm'],
    ['one that is refused opens none', { cancelled: 'ann' }, {}, {}, ['refuse', 'refused'], 'Taken back'],
    ['the check says what it waits for', gated(approvals), { pull }, {}, ['tell', 'waiting'], 'missing'],
    ['told once', unapplied, opened, {}, ['wait', 'approved'], 'waits to be applied'],
    ['a hold keeps the check shut', held, opened, {}, ['tell', 'approved'], 'audit'],
    ['a freeze keeps it shut', gated(frozen), opened, {}, ['tell', 'waiting'], 'sale'],
    ['open and applied: merged', {}, opened, {}, ['merge', 'writing'], 'Merging dev into stg'],
    [
      'approved and applied: merged',
      gated(approvals, { approvals: [approval('bob')] }),
      opened,
      {},
      ['merge', 'writing'],
    ],
    ['killed before the merge: once more', { state: 'writing' }, opened, {}, ['merge', 'writing']],
    [
      'whether it has conflicts is not known yet',
      {},
      opened,
      { pull: { ...open, conflicts: undefined } },
      ['wait', 'approved'],
      'found out',
    ],
    [
      'conflicts: the check first',
      {},
      opened,
      { pull: { ...open, conflicts: true } },
      ['tell', 'approved'],
      'conflicts',
    ],
    [
      'another head, nobody bound',
      { ...unapplied, plan: { kind: 'ready', digest: 'plan-2' } },
      opened,
      {},
      ['replan', 'planned'],
    ],
    [
      'another head, somebody bound',
      { plan: { kind: 'ready', digest: 'plan-2' } },
      opened,
      {},
      ['tell', 'planned'],
      'no longer',
    ],
    [
      'a newer promotion takes the pull request over',
      { newer: [{ id: 'pr-3', state: 'planned' }] },
      opened,
      {},
      ['supersede', 'superseded'],
    ],
    ['closed by hand', {}, opened, { pull: { kind: 'closed' } }, ['refuse', 'refused'], 'without merging'],
    ['closed by us', { cancelled: 'ann' }, opened, { pull: { kind: 'closed' } }, ['refuse', 'refused'], 'Taken back'],
    [
      'merged by somebody',
      unapplied,
      opened,
      { pull: { kind: 'merged', commit: merge, by: 'ada' } },
      ['note-merged', 'approved'],
      'by ada',
    ],
    [
      'merged before the gates were open',
      gated(approvals),
      opened,
      { pull: { kind: 'merged', commit: merge } },
      ['note-merged', 'waiting'],
    ],
    [
      'merged, and taken back too late',
      { cancelled: 'ann' },
      opened,
      { pull: { kind: 'merged', commit: merge } },
      ['note-merged', 'planned'],
    ],
    ['the host is away', {}, opened, { pull: { kind: 'unknown', reason: 'down.' } }, ['wait', 'planned'], 'down'],
    [
      'the host is away: it can be taken back',
      { cancelled: 'ann' },
      opened,
      { pull: { kind: 'unknown', reason: 'x' } },
      ['refuse', 'refused'],
    ],
    [
      'the host is away and may have merged: it can not',
      { cancelled: 'ann', state: 'writing' },
      opened,
      { pull: { kind: 'unknown', reason: 'down.' } },
      ['wait', 'writing'],
    ],
    [
      'the branch moved on, what runs is known',
      {},
      { ...opened, ran: true },
      { pull: moved },
      ['pin', 'approved'],
      'moved on',
    ],
    ['the branch moved on, what runs is not known', {}, opened, { pull: moved }, ['merge', 'writing']],
    [
      'the branch moved on, and it is taken back',
      { cancelled: 'ann' },
      { ...opened, ran: true },
      { pull: moved },
      ['tell', 'planned'],
    ],
    [
      'what the host refused is not asked again at once',
      {},
      { ...opened, refusal: { step: 'merge', reason: 'A review is required', at: now - minute } },
      {},
      ['wait', 'approved'],
      'A review is required.',
    ],
    [
      'but after a while',
      {},
      { ...opened, refusal: { step: 'merge', reason: 'A review is required', at: now - 2 * minute } },
      {},
      ['merge', 'writing'],
    ],
  ])

  const checks: [label: string, promotion: Partial<PromotionSeen>, state: Told['state']][] = [
    ['green where only a click is missing', unapplied, 'success'],
    ['green where it is about to be merged', {}, 'success'],
    ['shut while an approval is missing', gated(approvals), 'pending'],
    ['shut by a hold', { ...unapplied, ...held }, 'pending'],
    ['red once it is taken back', { cancelled: 'ann' }, 'failure'],
  ]
  it.each(checks)('the check is %s', (_label, promotion, state) => {
    expect(decide(promotion, { pull }, {})).toMatchObject({ step: { kind: 'tell', told: { state } } })
  })

  it('conflicts end it once they are told', () => {
    const conflicts = { pull: { ...open, conflicts: true } }
    const first = decide({}, opened, conflicts)
    if (first.kind !== 'source' || first.step.kind !== 'tell') throw new Error('nothing is told')
    const key = toldKey({ ...source, pull }, first.step.told)
    expect(first.step.told.state).toBe('failure')
    expect(decide({}, { ...opened, told: key }, conflicts)).toMatchObject({
      kind: 'refuse',
      problem: { code: 'merge-conflicts' },
    })
  })

  it.each<[label: string, promotion: Partial<PromotionSeen>]>([
    ['is taken back', { cancelled: 'ann' }],
    ['is passed by another way', { newer: [{ id: 'pr-3', state: 'planned' }] }],
  ])('one that %s closes its pull request once that is told', (_label, promotion) => {
    const first = decide(promotion, opened, { abandoned: true })
    if (first.kind !== 'source' || first.step.kind !== 'tell') throw new Error('nothing is told')
    const key = toldKey({ ...source, pull }, first.step.told)
    const then = decide(promotion, { ...opened, told: key }, { abandoned: true })
    expect(then).toMatchObject({ kind: 'source', step: { kind: 'close' } })
  })
})

describe('once it is merged', () => {
  const tagged = { ...merged, tag: '0.4.11' }
  const away = { tag: { kind: 'unknown', reason: 'down.' } } as const
  const late = { ...merged, merged: { commit: merge, at: now - buildPatienceMs } }
  const earlier = { ...merged, pull: undefined, merged: { commit: merge, at: now, earlier: true as const } }
  check([
    [
      'it waits for CI',
      {},
      merged,
      awaited,
      ['wait', 'waiting'],
      'waits for CI to push registry.example.org/podinfo for glob:stg-*',
    ],
    ['for half an hour, then it says so and goes on', {}, late, awaited, ['wait', 'waiting'], 'has not pushed'],
    ['built: planned anew', {}, merged, built, ['bring', 'planned'], 'stg-bbb'],
    ['built, gates shut: planned anew all the same', gated(approvals), merged, built, ['bring', 'planned']],
    ['built late', {}, late, built, ['bring', 'planned']],
    [
      'the registry is away',
      {},
      merged,
      { images: [{ kind: 'unknown', reason: 'down.' }] },
      ['wait', 'waiting'],
      'down',
    ],
    ['tagged where a version is wanted', {}, tagged, { tag: { kind: 'absent' } }, ['tag', 'writing'], '0.4.11'],
    [
      'not before the gates are open',
      gated(approvals),
      tagged,
      { tag: { kind: 'absent' } },
      ['wait', 'waiting'],
      'missing',
    ],
    [
      'tagged already: it waits for CI',
      {},
      tagged,
      { tag: { kind: 'there', commit: merge }, ...awaited },
      ['wait', 'waiting'],
    ],
    [
      'the tag names another commit',
      {},
      tagged,
      { tag: { kind: 'there', commit: head } },
      ['refuse', 'refused'],
      'never moved',
    ],
    ['the host is away', {}, tagged, away, ['wait', 'planned'], 'down'],
    ['taken back', { cancelled: 'ann' }, merged, awaited, ['refuse', 'refused'], 'Taken back'],
    [
      'another one is newer',
      { newer: [{ id: 'pr-3', state: 'planned' }] },
      merged,
      awaited,
      ['supersede', 'superseded'],
    ],
    [
      'merged before it was asked for: first somebody clicks',
      unapplied,
      earlier,
      built,
      ['wait', 'approved'],
      'applied',
    ],
    ['then it is taken up', {}, earlier, built, ['bring', 'planned']],
  ])
})
