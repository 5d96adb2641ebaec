import { describe, expect, it } from 'vitest'
import { editDocument } from '../values/index.ts'
import { holdChanges, judgeHolds, liftChanges, refuseChanges, refusedAmong, stoppedByHold } from './index.ts'
import type { HeldAction, HoldsSeen } from './index.ts'

const now = Date.parse('2026-03-04T12:00:00Z')
const none: HoldsSeen = {
  release: 'podinfo-prod',
  application: 'podinfo',
  environment: 'prod',
  holds: { environments: {}, applications: {} },
}
const own = { user: 'ann', message: 'audit' }
const [soon, later, past] = ['2026-03-04T13:00:00Z', '2026-03-05T12:00:00+01:00', '2026-03-04T12:00:00Z']

describe('judgeHolds', () => {
  const rows: [label: string, seen: Partial<HoldsSeen>, reason: string | undefined, scopes: string[], more?: object][] =
    [
      ['none', {}, undefined, []],
      ['of the release', { own }, 'Held by ann: audit.', ['release']],
      ['without a word', { own: {} }, 'Held.', ['release']],
      ['a message that ends', { own: { message: 'Why not? ' } }, 'Held: Why not?', ['release']],
      [
        'with an end',
        { own: { ...own, until: soon } },
        `Held by ann until ${soon}: audit.`,
        ['release'],
        { nextEvaluation: Date.parse(soon) },
      ],
      [
        'expired: holds on',
        { own: { ...own, until: past } },
        `Held by ann until ${past}, which is over; a person lifts it: audit.`,
        ['release'],
        { expired: [{ scope: 'release' }] },
      ],
      [
        'of the application',
        { holds: { environments: {}, applications: { podinfo: own } } },
        'The application podinfo is held by ann: audit.',
        ['application'],
      ],
      [
        'of the environment',
        { holds: { environments: { prod: { message: 'move' } }, applications: {} } },
        'The environment prod is held: move.',
        ['environment'],
      ],
      ['of others', { holds: { environments: { stg: own }, applications: { nats: own } } }, undefined, []],
      ['of a name that every object has', { environment: 'constructor' }, undefined, []],
      ['in an emergency', { emergency: 'rolled back by bob' }, 'Held: rolled back by bob.', ['emergency']],
      [
        'all of them, one expired',
        {
          emergency: 'x',
          own: { ...own, until: later },
          holds: { environments: { prod: { until: soon } }, applications: { podinfo: { until: past } } },
        },
        `Held: x. Held by ann until ${later}: audit. The application podinfo is held until ${past}, which is over; a person lifts it. The environment prod is held until ${soon}.`,
        ['emergency', 'release', 'application', 'environment'],
        { expired: [{ scope: 'application' }], nextEvaluation: Date.parse(soon) },
      ],
    ]
  it.each(rows)('%s', (_label, seen, reason, scopes, more) => {
    const verdict = judgeHolds({ ...none, ...seen }, now)
    expect(verdict.kind).toBe(reason === undefined ? 'free' : 'held')
    expect('reason' in verdict ? verdict.reason : undefined).toBe(reason)
    expect('holds' in verdict ? verdict.holds.map(({ scope }) => scope) : []).toEqual(scopes)
    expect(verdict).toMatchObject(more ?? {})
  })

  it('depends on nothing but the time it is asked for', () => {
    const seen = { ...none, own: { ...own, until: past } }
    expect(judgeHolds(seen, now - 1)).toMatchObject({ expired: [], nextEvaluation: now })
    expect(judgeHolds(seen, now)).toMatchObject({ expired: [{ scope: 'release' }] })
    expect(judgeHolds(seen, now - 1)).toMatchObject({ expired: [] })
  })
})

describe('stoppedByHold', () => {
  const stopped: HeldAction[] = ['automation', 'promotion', 'manual-release', 'chart', 'values-from']
  const passing: HeldAction[] = ['document-edit', 'rollback', 'repair']
  const held = judgeHolds({ ...none, own: { ...own, until: past } }, now)
  const emergency = judgeHolds({ ...none, emergency: 'x' }, now)
  it.each(stopped)('%s is stopped, also by an expired one', (action) => {
    expect(stoppedByHold(held, action)).toContain('Held by ann')
    expect(stoppedByHold(emergency, action)).toBe('Held: x.')
    expect(stoppedByHold({ kind: 'free' }, action)).toBeUndefined()
  })
  it.each(passing)('%s passes', (action) => {
    expect(stoppedByHold(held, action)).toBeUndefined()
    expect(stoppedByHold(emergency, action)).toBe(action === 'document-edit' ? 'Held: x.' : undefined)
  })
})

describe('edits', () => {
  const target = { id: 'prod:helmrelease/app', path: 'app.yaml' }
  const text = (annotations: string): string =>
    `apiVersion: helm.fluxcd.io/v1\nkind: HelmRelease\nmetadata:\n  name: app\n  namespace: prod\n${annotations}spec: {}\n`
  const old = { 'flux.weave.works/locked': 'false' }
  const edited = (before: string, changes: ReturnType<typeof holdChanges>): string => {
    const result = editDocument(text(before), target, changes)
    return result.ok ? result.text : result.problem.message
  }

  it('hold under the spelling in use, and lift', () => {
    const before = '  annotations:\n    flux.weave.works/locked: "false"\n'
    const held = edited(before, holdChanges(old, { user: 'ann', message: 'audit', until: soon }))
    expect(held).toBe(
      text(
        `  annotations:\n    flux.weave.works/locked: "true"\n    fluxcd.io/locked_user: ann\n    fluxcd.io/locked_msg: audit\n    wheelhouse.dev/hold-until: "${soon}"\n`,
      ),
    )
    const lifted = editDocument(held, target, liftChanges(old))
    expect(lifted.ok && lifted.text).toBe(text(''))
  })

  it('hold without end where one was written', () => {
    const changes = holdChanges({ 'wheelhouse.dev/hold-until': past }, { user: 'a', message: 'b' })
    expect(changes).toContainEqual({ kind: 'annotation', key: 'wheelhouse.dev/hold-until', value: null })
  })

  it.each<[label: string, annotations: Record<string, string>, value: string]>([
    ['the first', {}, '2.0.1'],
    ['one more', { 'wheelhouse.dev/refuse.app': '1.0, 2.0,' }, '1.0,2.0,2.0.1'],
    ['one again', { 'wheelhouse.dev/refuse.app': '2.0.1' }, '2.0.1'],
  ])('refuse: %s', (_label, annotations, value) => {
    expect(refuseChanges(annotations, [{ container: 'app', tag: '2.0.1' }])).toEqual([
      { kind: 'annotation', key: 'wheelhouse.dev/refuse.app', value },
    ])
  })
})

it('refusedAmong names the tags that are refused', () => {
  const tags = [
    { container: 'app', tag: '2.0' },
    { container: 'toString', tag: '2.0' },
    { container: 'side', tag: '2.0' },
  ]
  expect(refusedAmong({ app: ['1.0', '2.0'], side: ['1.0'] }, tags)).toEqual([tags[0]])
})
