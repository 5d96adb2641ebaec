import { describe, expect, it } from 'vitest'
import { decideRelease } from './decide-release.ts'
import {
  attempt,
  base,
  desired,
  failed,
  locked,
  now,
  older,
  old,
  ours,
  problem,
  revision,
  rolling,
  wanted,
  type Row,
} from './seen.fixture.ts'
import type { HelmRevisionMeta } from './types.ts'

function check(rows: Row[]): void {
  it.each(rows)('%s', (_label, seen, want, says) => {
    const action = decideRelease({ ...base, ...seen }, now)
    expect(action).toMatchObject(want)
    expect(JSON.stringify(action)).toContain(says ?? '')
  })
}

describe('decideRelease: ordinary life', () => {
  check([
    ['equal inputs at the baseline: nothing', {}, { kind: 'nothing' }],
    ['not installed: install', { history: [], baseline: undefined }, { kind: 'install' }],
    ['uninstalled by hand: install again', { history: [] }, { kind: 'install' }],
    ['uninstalled with its history kept: install', { history: [revision(3, 'uninstalled')] }, { kind: 'install' }],
    ['other inputs: upgrade', { baseline: old }, { kind: 'upgrade' }],
    [
      'a revision made by hand: back to Git',
      { history: [revision(4, 'deployed', { inputs: wanted })] },
      { kind: 'upgrade' },
      'by hand',
    ],
    ['a failed revision made by hand: back to Git', { history: [revision(4, 'failed')] }, { kind: 'upgrade' }],
    ['superseded without successor: go on', { history: [revision(3, 'superseded')] }, { kind: 'upgrade' }],
    [
      'a status nobody knows',
      { history: [revision(3, 'unknown')] },
      { kind: 'blocked', problem: { code: 'release-status-unknown' } },
    ],
    [
      'a problem in the document',
      { desired: desired({ problems: [problem] }) },
      { kind: 'blocked', problem: { code: 'x' } },
    ],
    [
      'the API server is away: nothing is tried',
      { away: 'connection refused', baseline: old },
      { kind: 'wait' },
      'connection refused',
    ],
    [
      'another Helm release than before: the old one is not left behind',
      { renamedFrom: 'dev/old-name', history: [], baseline: old },
      { kind: 'blocked', problem: { code: 'release-renamed' } },
      'dev/old-name',
    ],
    ['a mere warning', { desired: desired({ problems: [{ ...problem, severity: 'warning' }] }) }, { kind: 'nothing' }],
    ['suspended', { desired: desired({ suspend: true }), baseline: old }, { kind: 'nothing' }, 'Suspended'],
    [
      'ignored',
      { desired: desired({ automation: { ...locked, ignored: true } }), baseline: old },
      { kind: 'nothing' },
      'ignore',
    ],
    [
      'its namespace is missing',
      { namespaceExists: false },
      { kind: 'blocked', problem: { code: 'namespace-missing' } },
    ],
    ['its chart cannot be had', { chart: { kind: 'failed', problem } }, { kind: 'blocked', problem: { code: 'x' } }],
    [
      'its chart cannot be had yet',
      { chart: { kind: 'waiting', problem, until: now + 5_000 } },
      { kind: 'wait', reason: 'm', until: now + 5_000 },
    ],
    [
      'values that cannot be read',
      { values: { kind: 'failed', problem } },
      { kind: 'blocked', problem: { code: 'x' } },
    ],
    [
      'its chart cannot be had yet, and its values never',
      { chart: { kind: 'waiting', problem, until: now + 5_000 }, values: { kind: 'failed', problem } },
      { kind: 'blocked' },
    ],
    ['a required source of values is missing', { values: { kind: 'waiting', problem } }, { kind: 'wait', reason: 'm' }],
    ['inputs not known yet', { inputs: undefined }, { kind: 'wait' }],
    ['another release must come first', { waitingFor: ['dev/db'], baseline: old }, { kind: 'wait' }, 'dev/db'],
    ['an attempt is under way', { lastAttempt: attempt('running') }, { kind: 'wait' }, 'op-1'],
  ])
})

describe('decideRelease: first sight', () => {
  const unknown = { baseline: undefined, history: [revision(7, 'deployed')] }
  check([
    ['look first', unknown, { kind: 'compare' }],
    ['equal: adopt without a new revision', { ...unknown, adoption: 'equal' }, { kind: 'adopt', revision: 7 }],
    [
      'different: ask',
      { ...unknown, adoption: 'different' },
      { kind: 'blocked', problem: { code: 'adoption-differs' } },
    ],
    ['different and agreed to: upgrade', { ...unknown, adoption: 'different', asked: 'adopt' }, { kind: 'upgrade' }],
    ['labels alone prove nothing', { ...unknown, history: [revision(7, 'deployed', ours)] }, { kind: 'compare' }],
    ['equal but failed: ask', { ...unknown, history: [revision(7, 'failed')], adoption: 'equal' }, { kind: 'blocked' }],
    ['older than the baseline: look again', { history: [revision(1, 'deployed')] }, { kind: 'compare' }],
    ['looking is allowed when only observed', { ...unknown, mode: 'observe' }, { kind: 'compare' }],
  ])
})

const pending = (more: Partial<HelmRevisionMeta> = {}) => [
  revision(4, 'pending-upgrade', more),
  revision(3, 'deployed'),
]

describe('decideRelease: pending', () => {
  check([
    [
      'our own, proven dead: unlock at once',
      { history: pending(ours), lastAttempt: attempt('dead') },
      { kind: 'unlock', revision: 4 },
    ],
    [
      'our own, ended otherwise: unlock',
      { history: pending(ours), lastAttempt: attempt('failed') },
      { kind: 'unlock', revision: 4 },
    ],
    [
      'our own, of an older commit',
      { history: pending(ours), lastAttempt: attempt('dead', { inputs: older }) },
      { kind: 'unlock' },
    ],
    ['our own, still running', { history: pending(ours), lastAttempt: attempt('running') }, { kind: 'wait' }],
    ['foreign', { history: pending() }, { kind: 'blocked', problem: { code: 'release-pending' } }, 'unlock it'],
    [
      'foreign with labels inherited from ours',
      {
        history: [revision(4, 'pending-upgrade', ours), revision(3, 'deployed', ours)],
        lastAttempt: attempt('succeeded'),
      },
      { kind: 'blocked' },
    ],
    ['our label, but nothing known of the attempt', { history: pending(ours) }, { kind: 'blocked' }],
    ['foreign, and a person asked', { history: pending(), asked: 'unlock' }, { kind: 'unlock', revision: 4 }],
    ['uninstalling', { history: [revision(4, 'uninstalling')] }, { kind: 'blocked' }],
    [
      'only observed',
      { history: pending(ours), lastAttempt: attempt('dead'), mode: 'observe' },
      { kind: 'nothing' },
      'Would unlock revision 4',
    ],
  ])
})

describe('decideRelease: mode, stop and hold', () => {
  const held = desired({ automation: locked })
  check([
    ['only observed: says what it would do', { mode: 'observe', baseline: old }, { kind: 'nothing' }, 'Would upgrade'],
    [
      'only observed: nothing to install either',
      { mode: 'observe', history: [], baseline: undefined },
      { kind: 'nothing' },
      'Would install',
    ],
    [
      'only observed: no remediation',
      { mode: 'observe', history: failed, baseline: old, desired: rolling, lastAttempt: attempt('failed') },
      { kind: 'nothing' },
    ],
    ['stopped', { stopped: 'fire', baseline: old }, { kind: 'wait' }, 'fire'],
    [
      'stopped: no rollback either',
      { stopped: 'fire', history: failed, baseline: old, desired: rolling, lastAttempt: attempt('failed') },
      { kind: 'wait' },
    ],
    ['held: a chart change waits', { desired: held, baseline: old }, { kind: 'nothing' }, 'Held by ann: audit'],
    [
      'held: the commit that edits the document passes',
      { desired: { ...held, digest: 'document-2' }, baseline: old },
      { kind: 'upgrade' },
    ],
    [
      'held: brought by its first commit',
      { desired: held, history: [], baseline: undefined, lastAppliedDocumentDigest: undefined },
      { kind: 'install' },
    ],
    ['held: what is held is repaired', { desired: held, history: [revision(4, 'deployed')] }, { kind: 'upgrade' }],
    ['held: uninstalled by hand, repaired', { desired: held, history: [] }, { kind: 'install' }],
    [
      'held: rollback passes',
      { desired: { ...rolling, automation: locked }, history: failed, baseline: old, lastAttempt: attempt('failed') },
      { kind: 'rollback' },
    ],
    [
      'held: unlock passes',
      { desired: held, history: [revision(4, 'pending-upgrade', ours)], baseline: old, lastAttempt: attempt('dead') },
      { kind: 'unlock' },
    ],
    [
      'held: nobody knows what was applied',
      { desired: held, baseline: old, lastAppliedDocumentDigest: undefined },
      { kind: 'nothing' },
    ],
    [
      'held after its time: still held',
      { desired: desired({ automation: { ...locked, locked: { until: '2001-01-01T00:00:00Z' } } }), baseline: old },
      { kind: 'nothing' },
    ],
  ])
})
