import { describe, expect, it } from 'vitest'
import { noGates } from '../gate/index.ts'
import type { Gates } from '../gate/types.ts'
import type { TagFact } from '../policy/types.ts'
import { whyNotGates, type WhyNotGate, type WhyNotSeen } from './types.ts'
import { whyNot } from './why-not.ts'

const now = Date.parse('2026-03-04T12:00:00Z')
const [minute, next] = [60_000, now + 300_000]
const problem = (message: string) => ({ code: 'x', severity: 'error' as const, message })
const facts: TagFact[] = [
  { name: 'stg-b', created: now - minute },
  { name: 'stg-a', created: now - 9 * minute },
]
const filter = {
  kind: 'filter' as const,
  policy: { kind: 'glob' as const, expression: 'stg-*' },
  current: 'stg-a',
  tags: facts,
}

/** Nothing stands against stg-b; it is decided and not written yet. */
const base: WhyNotSeen = {
  tag: 'stg-b',
  container: 'chart-image',
  environment: 'stg',
  registry: { kind: 'listed', firstSeenAt: now - minute },
  filter,
  refused: [],
  automation: 'on',
  holds: { release: 'app', application: 'app', environment: 'stg', holds: { environments: {}, applications: {} } },
  mode: 'act',
  gates: {
    kind: 'asked',
    input: {
      environment: 'stg',
      gates: noGates,
      planDigest: '',
      carries: ['image stg-b'],
      sources: [
        {
          kind: 'runs',
          environment: 'dev',
          since: now - minute,
          health: { kind: 'failing', reason: 'Pod a crashes.', since: now },
        },
      ],
      authors: [],
      approvals: [],
      overrides: [],
    },
  },
  commit: { kind: 'none' },
  fetch: { kind: 'fetched' },
  chart: { kind: 'ready' },
  values: { kind: 'ready' },
  deploy: { kind: 'none' },
  health: { kind: 'healthy', reason: 'ok.', revision: 3 },
}
const runs: Partial<WhyNotSeen> = {
  filter: { ...filter, current: 'stg-b' },
  commit: { kind: 'written', commit: 'abcdef0123' },
  deploy: { kind: 'deployed', revision: 4, at: now },
  health: { kind: 'healthy', reason: '2 of 2 ready.', revision: 4 },
}

type Change = (seen: WhyNotSeen) => WhyNotSeen
const gatesWith =
  (more: Partial<Gates>): Change =>
  (seen) => {
    if (seen.gates.kind !== 'asked') return seen
    const { input } = seen.gates
    return { ...seen, gates: { kind: 'asked', input: { ...input, gates: { ...input.gates, ...more } } } }
  }
const filterWith =
  (more: Partial<typeof filter>): Change =>
  (seen) =>
    seen.filter.kind === 'filter' ? { ...seen, filter: { ...seen.filter, ...more } } : seen
const factWith =
  (more: Partial<TagFact>): Change =>
  (seen) =>
    seen.filter.kind === 'filter'
      ? {
          ...seen,
          filter: {
            ...seen.filter,
            tags: seen.filter.tags.map((fact) => (fact.name === 'stg-b' ? { ...fact, ...more } : fact)),
          },
        }
      : seen
const set =
  (more: Partial<WhyNotSeen>): Change =>
  (seen) => ({ ...seen, ...more })

/** One blocker per gate that can block: what is wrong in the world, and the words by which it is known. */
const blockers: Record<WhyNotGate, [change: Change, says: string, next?: number]> = {
  seen: [set({ registry: { kind: 'absent', scannedAt: now, nextScanAt: next } }), 'had no stg-b', next],
  'build-time': [factWith({ created: null }), 'no build time'],
  filter: [filterWith({ policy: { kind: 'glob', expression: 'rc-*' } }), 'does not match glob:rc-*'],
  newest: [
    (seen) =>
      seen.filter.kind === 'filter'
        ? filterWith({ tags: [...seen.filter.tags, { name: 'stg-c', created: now }] })(seen)
        : seen,
    'stg-c comes first',
  ],
  'not-refused': [set({ refused: ['stg-b'] }), 'is refused'],
  automation: [set({ automation: 'off' }), 'not automated'],
  'no-hold': [
    (seen) => ({ ...seen, holds: { ...seen.holds, own: { message: 'audit', until: '2026-03-04T12:05:00Z' } } }),
    'audit',
    next,
  ],
  'no-stop': [set({ stopped: 'Stopped: fire.' }), 'fire'],
  acting: [set({ mode: 'observe' }), 'only observed'],
  freeze: [gatesWith({ freeze: [{ kind: 'once', from: now - 1, to: next, reason: 'sale' }] }), 'sale', next],
  approvals: [gatesWith({ approvals: { count: 1, roles: ['approver'], separate: [] } }), 'missing'],
  checks: [gatesWith({ checks: ['ci/e2e'] }), 'ci/e2e has not reported yet'],
  soak: [gatesWith({ soakMs: minute }), 'begin when it is healthy'],
  'source-health': [gatesWith({ health: true }), 'Pod a crashes'],
  commit: [set({ commit: { kind: 'refused', reason: 'protected.' } }), 'protected'],
  fetched: [set({ fetch: { kind: 'unreachable', reason: 'timeout.', nextFetchAt: next } }), 'timeout', next],
  chart: [set({ chart: { kind: 'failed', problem: problem('No chart.') } }), 'No chart.'],
  values: [set({ values: { kind: 'failed', problem: problem('Secret missing.') } }), 'Secret missing.'],
  deployed: [set({ deploy: { kind: 'failed', reason: 'hook.' } }), 'hook.'],
  healthy: [
    (seen) => ({
      ...seen,
      deploy: { kind: 'deployed', revision: 4, at: now },
      health: { kind: 'stuck', reason: 'Probe fails.', revision: 4 },
    }),
    'Probe fails.',
  ],
}
const names = whyNotGates

/** Pairs that cannot be true together, or of which one leaves nothing to ask the other. */
const apart = new Set(['deployed healthy'])
/** What is not asked of a tag that is not comparable: the other way round would blame the consequence. */
const silences: Partial<Record<WhyNotGate, WhyNotGate[]>> = { newest: ['build-time', 'filter'] }

function blocked(seen: WhyNotSeen): WhyNotGate[] {
  return whyNot(seen, now)
    .steps.filter(({ verdict }) => verdict === 'blocked')
    .map(({ gate }) => gate)
}

describe('whyNot', () => {
  it('has every gate once, in order, with evidence', () => {
    const { steps, summary } = whyNot(base, now)
    expect(steps.map(({ gate }) => gate)).toEqual(whyNotGates)
    expect(steps.every(({ evidence }) => /[.!?]$/.test(evidence))).toBe(true)
    expect(blocked(base)).toEqual([])
    expect(summary).toBe('stg-b is on its way to stg: Nothing is written yet.')
  })

  it('has passed all of them when it runs', () => {
    const { steps, summary } = whyNot({ ...base, ...runs }, now)
    expect(steps.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
    expect(summary).toBe('stg-b runs in stg and is healthy.')
  })

  it.each(names)('%s alone is named, and nothing else', (name) => {
    const [change, says, nextEvaluation] = blockers[name]
    const { steps, summary } = whyNot(change(base), now)
    const found = steps.filter(({ verdict }) => verdict === 'blocked')
    expect(found.map(({ gate }) => gate)).toEqual([name])
    expect(found[0]?.evidence).toContain(says)
    expect(found[0]?.nextEvaluation).toBe(nextEvaluation)
    expect(summary).toContain(says.replace(/\.$/, ''))
  })

  const pairs = names
    .flatMap((a, index) => names.slice(index + 1).map((b) => [a, b] as const))
    .filter(([a, b]) => !apart.has(`${a} ${b}`))
  it.each(pairs)('%s and %s are named, and nothing else', (a, b) => {
    const expected = [a, b].filter((name) => !silences[name]?.some((other) => other === a || other === b))
    expect(blocked(blockers[b][0](blockers[a][0](base)))).toEqual(expected)
    expect(blocked(blockers[a][0](blockers[b][0](base)))).toEqual(expected)
  })

  it('names all at once', () => {
    const worst = names.filter((name) => name !== 'healthy').reduce((seen, name) => blockers[name][0](seen), base)
    expect(blocked(worst)).toEqual(names.filter((name) => name !== 'healthy' && name !== 'newest'))
  })
})

describe('one gate', () => {
  type Row = [label: string, seen: Partial<WhyNotSeen>, gate: WhyNotGate, verdict: string, says: string]
  const rows: Row[] = [
    ['never scanned', { registry: { kind: 'absent', nextScanAt: next } }, 'seen', 'pending', 'not been read'],
    ['gone from the registry', { registry: { kind: 'vanished', at: now } }, 'seen', 'blocked', 'no longer lists'],
    [
      'registry away',
      { registry: { kind: 'unreachable', reason: '429.', nextScanAt: next } },
      'seen',
      'blocked',
      '429.',
    ],
    ['build time not read', factWith({ created: undefined })(base), 'build-time', 'pending', 'not read yet'],
    ['build time not read: no order', factWith({ created: undefined })(base), 'newest', 'pending', 'not read yet'],
    [
      'another build time not read',
      filterWith({ tags: [...facts, { name: 'stg-c' }] })(base),
      'newest',
      'pending',
      'until all build times are known',
    ],
    [
      'a version needs no build time',
      {
        filter: { kind: 'filter', policy: { kind: 'semver', expression: '~1' }, tags: [{ name: '1.0.1' }] },
        tag: '1.0.1',
      },
      'build-time',
      'passed',
      'without build times',
    ],
    [
      'an older one',
      { tag: 'stg-a', filter: { ...filter, current: 'stg-b' } },
      'newest',
      'blocked',
      'not newer than stg-b',
    ],
    ['what runs', { tag: 'stg-a' }, 'newest', 'passed', 'is what Git says'],
    [
      'a tag nobody lists',
      { tag: 'stg-x', registry: { kind: 'absent', scannedAt: now } },
      'newest',
      'unknown',
      'does not list',
    ],
    ['a vanished tag is compared all the same', factWith({ vanished: true })(base), 'newest', 'passed', 'latest match'],
    [
      'a broken filter',
      { filter: { kind: 'problem', problem: problem('No such kind.') } },
      'filter',
      'blocked',
      'No such kind.',
    ],
    [
      'a number alone where versions run',
      {
        tag: '151',
        filter: {
          kind: 'filter',
          policy: { kind: 'semver', expression: '>=1' },
          current: '1.0.0',
          tags: [{ name: '151' }],
        },
      },
      'filter',
      'blocked',
      'lone number',
    ],
    [
      'a number alone where numbers run',
      {
        tag: '151',
        filter: {
          kind: 'filter',
          policy: { kind: 'semver', expression: '>=1' },
          current: '150',
          tags: [{ name: '151' }, { name: '150' }],
        },
      },
      'filter',
      'passed',
      'matches',
    ],
    ['ignored', { automation: 'ignored' }, 'automation', 'blocked', 'ignore'],
    ['promoted', { automation: 'off', promotion: { id: 'pr-1', state: 'waiting' } }, 'automation', 'passed', 'pr-1'],
    [
      'promoted in vain',
      { automation: 'off', promotion: { id: 'pr-1', state: 'refused' } },
      'automation',
      'blocked',
      'pr-1 brought the tag and is refused',
    ],
    [
      'written by hand',
      { automation: 'off', commit: { kind: 'written', commit: 'abcdef0' } },
      'automation',
      'passed',
      'all the same',
    ],
    [
      'let through before',
      { gates: { kind: 'passed', results: [{ gate: 'freeze', verdict: 'passed', evidence: 'stg was not frozen.' }] } },
      'freeze',
      'passed',
      'was not frozen',
    ],
    [
      'let through before, by a gate that was none then',
      { gates: { kind: 'passed', results: [] } },
      'soak',
      'passed',
      'came past the gates before',
    ],
    [
      'promoted, and nobody applied it',
      { commit: { kind: 'none', reason: 'It waits to be applied.' } },
      'commit',
      'pending',
      'to be applied',
    ],
    ['in Git by an unknown commit', { commit: { kind: 'written' } }, 'commit', 'passed', 'Git says it'],
    ['queued', { commit: { kind: 'queued' } }, 'commit', 'pending', 'queue'],
    [
      'written, not fetched',
      { commit: { kind: 'written', commit: 'abcdef0' }, fetch: { kind: 'behind' } },
      'fetched',
      'pending',
      'not fetched',
    ],
    [
      'chart on its way',
      { chart: { kind: 'waiting', reason: 'The chart is fetched.' } },
      'chart',
      'pending',
      'fetched',
    ],
    ['helm runs', { deploy: { kind: 'running' } }, 'deployed', 'pending', 'helm'],
    ['waits for another', { deploy: { kind: 'waiting', reason: 'Waits for nats.' } }, 'deployed', 'blocked', 'nats'],
    [
      'blocked',
      { deploy: { kind: 'blocked', problem: problem('No namespace.') } },
      'deployed',
      'blocked',
      'No namespace.',
    ],
    ['replaced', { deploy: { kind: 'superseded', by: 'op-2' } }, 'deployed', 'blocked', 'op-2'],
    ['health of an older revision', { ...runs, health: base.health }, 'healthy', 'pending', 'not known yet'],
    [
      'coming up',
      { ...runs, health: { kind: 'progressing', reason: '1 of 2.', revision: 4 } },
      'healthy',
      'pending',
      '1 of 2.',
    ],
    ['failing', { ...runs, health: { kind: 'failing', reason: 'Pull.', revision: 4 } }, 'healthy', 'blocked', 'Pull.'],
    [
      'health cannot be told',
      { ...runs, health: { kind: 'unknown', reason: 'Away.', revision: 4 } },
      'healthy',
      'unknown',
      'Away.',
    ],
  ]
  it.each(rows)('%s', (_label, seen, gate, verdict, says) => {
    const step = whyNot({ ...base, ...seen }, now).steps.find((one) => one.gate === gate)
    expect(step).toMatchObject({ verdict })
    expect(step?.evidence).toContain(says)
  })
})

describe('the summary', () => {
  it('tells of what runs all the same', () => {
    const { summary } = whyNot({ ...base, ...runs, stopped: 'Stopped: fire.', refused: ['stg-b'] }, now)
    expect(summary).toMatch(/^stg-b runs in stg and is healthy; by now it would not come there: stg-b is refused/)
    expect(summary).toContain('and 1 more reason.')
  })

  it('tells first how what runs is', () => {
    const health = { kind: 'failing' as const, reason: 'Pull.', revision: 4 }
    const { summary } = whyNot({ ...base, ...runs, health, stopped: 'Stopped: fire.' }, now)
    expect(summary).toBe('stg-b is deployed in stg and not healthy yet: Pull.')
  })
})
