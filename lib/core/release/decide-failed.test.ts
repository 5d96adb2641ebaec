import { describe, expect, it } from 'vitest'
import { retryDelayMs } from './decide-failed.ts'
import { decideRelease } from './decide-release.ts'
import {
  attempt,
  base,
  desired,
  failed,
  now,
  old,
  older,
  ours,
  retrying,
  revision,
  rolling,
  type Attempt,
  type Row,
} from './seen.fixture.ts'

function check(rows: Row[]): void {
  it.each(rows)('%s', (_label, seen, want, says) => {
    const action = decideRelease({ ...base, ...seen }, now)
    expect(action).toMatchObject(want)
    expect(JSON.stringify(action)).toContain(says ?? '')
  })
}

const ago = (ms: number, more: Partial<Attempt> = {}) => attempt('failed', { endedAt: now - ms, ...more })

const again = { ...ours, attempt: 'try-2' }
const rolledBack = [
  revision(5, 'deployed', { inputs: older }),
  revision(4, 'failed', ours),
  revision(3, 'superseded', { inputs: older }),
]

describe('decideRelease: after a failure', () => {
  const first = { history: [revision(1, 'failed', ours)], baseline: undefined }
  check([
    [
      'install: wait before the next try',
      { ...first, desired: retrying, lastAttempt: ago(9_999) },
      { kind: 'wait', until: now + 1, afterFailure: true },
    ],
    ['install: try again', { ...first, desired: retrying, lastAttempt: ago(10_000) }, { kind: 'install' }],
    [
      'install: the second wait is longer',
      { ...first, desired: retrying, lastAttempt: ago(10_000, { failures: 2 }) },
      { kind: 'wait', until: now + 10_000 },
    ],
    [
      'install: give up after the retries',
      { ...first, desired: retrying, lastAttempt: ago(99_999_999, { failures: 3 }) },
      { kind: 'give-up', problem: { code: 'release-install-failed' } },
    ],
    [
      'install: without end',
      {
        ...first,
        desired: desired({ install: { retries: -1, after: 'leave' } }),
        lastAttempt: ago(999_999, { failures: 99 }),
      },
      { kind: 'install' },
    ],
    [
      'install: never uninstalled unasked',
      { ...first, desired: desired({ install: { retries: 0, after: 'leave' } }), lastAttempt: ago(0) },
      { kind: 'give-up' },
    ],
    [
      'install: uninstalled when the resource asks',
      { ...first, desired: desired({ install: { retries: 1, after: 'uninstall' } }), lastAttempt: ago(0) },
      { kind: 'uninstall' },
    ],
    [
      'install: tried again after that',
      {
        history: [],
        baseline: undefined,
        desired: desired({ install: { retries: 1, after: 'uninstall' } }),
        lastAttempt: ago(10_000),
      },
      { kind: 'install' },
    ],
    [
      'install: a newer commit goes on at once',
      {
        ...first,
        lastAttempt: ago(0, { inputs: older, failures: 9 }),
        history: [revision(1, 'failed', { ...ours, inputs: older })],
      },
      { kind: 'upgrade' },
    ],
  ])
})

describe('decideRelease: after a failed upgrade', () => {
  check([
    [
      'upgrade: left failed',
      { history: failed, baseline: old, lastAttempt: ago(0) },
      { kind: 'give-up', problem: { code: 'release-upgrade-failed' } },
    ],
    [
      'upgrade: tried again',
      { history: failed, baseline: old, desired: retrying, lastAttempt: ago(10_000) },
      { kind: 'upgrade' },
    ],
    [
      'upgrade: rolled back when asked for',
      { history: failed, baseline: old, desired: rolling, lastAttempt: ago(0) },
      { kind: 'rollback', toRevision: 3 },
    ],
    [
      'upgrade: after the rollback, no endless circle',
      {
        history: [revision(5, 'deployed', { inputs: older }), revision(4, 'failed', ours), revision(3, 'superseded')],
        baseline: old,
        desired: rolling,
        lastAttempt: ago(0),
      },
      { kind: 'give-up' },
    ],
    [
      'upgrade: after a rollback that is itself the last attempt, no endless circle',
      {
        history: rolledBack,
        baseline: old,
        desired: rolling,
        lastAttempt: attempt('succeeded', { id: 'try-2', operation: 'op-2' }),
      },
      { kind: 'give-up' },
    ],
    [
      'upgrade: after a rollback nobody remembers',
      { history: rolledBack, baseline: old, desired: rolling },
      { kind: 'give-up' },
    ],
    [
      'upgrade: after such a rollback, retries are counted by the failed revisions',
      { history: rolledBack, baseline: old, desired: retrying },
      { kind: 'wait', until: now - 1_000 + 10_000 },
    ],
    [
      'upgrade: after such a rollback a newer commit goes on',
      { history: rolledBack, baseline: old, desired: rolling, inputs: 'c'.repeat(40) },
      { kind: 'upgrade' },
    ],
    [
      'upgrade: after the rollback was written down',
      {
        history: [revision(5, 'deployed', { inputs: older }), revision(4, 'failed', ours)],
        baseline: { revision: 5, inputs: older },
        desired: rolling,
        lastAttempt: ago(0),
      },
      { kind: 'give-up' },
    ],
    [
      'upgrade: a person asks again',
      { history: failed, baseline: old, lastAttempt: ago(0), asked: 'retry' },
      { kind: 'upgrade' },
    ],
    [
      'upgrade: someone made a revision since',
      { history: [revision(5, 'deployed'), ...failed], baseline: old, lastAttempt: ago(0) },
      { kind: 'upgrade' },
      'by hand',
    ],
    [
      'a hook is not run again unasked',
      { history: failed, baseline: old, desired: retrying, lastAttempt: attempt('hook-failed') },
      { kind: 'give-up', problem: { code: 'release-hook-failed' } },
    ],
    [
      'a hook is run again when asked',
      { history: failed, baseline: old, lastAttempt: attempt('hook-failed'), asked: 'retry' },
      { kind: 'upgrade' },
    ],
    [
      'failed tests roll back when asked for',
      {
        history: [revision(4, 'deployed', ours), revision(3, 'superseded')],
        baseline: old,
        desired: rolling,
        lastAttempt: attempt('test-failed'),
      },
      { kind: 'rollback', toRevision: 3 },
    ],
    [
      'failed tests that do not count',
      {
        history: [revision(4, 'deployed', ours)],
        baseline: old,
        desired: desired({ test: { enable: true, ignoreFailures: true, timeoutMs: 1, cleanup: true } }),
        lastAttempt: attempt('test-failed'),
      },
      { kind: 'adopt', revision: 4 },
    ],
    [
      'died before it did anything: at once',
      { baseline: old, lastAttempt: attempt('dead') },
      { kind: 'upgrade' },
      'died',
    ],
    [
      'died and unlocked: at once',
      { history: failed, baseline: old, lastAttempt: attempt('dead') },
      { kind: 'upgrade' },
    ],
    [
      'died after all was done: adopt',
      {
        history: [revision(4, 'deployed', ours), revision(3, 'superseded')],
        baseline: old,
        lastAttempt: attempt('dead'),
      },
      { kind: 'adopt', revision: 4 },
    ],
    [
      'died after a second try was done: adopt that',
      {
        history: [revision(5, 'deployed', again), revision(4, 'superseded', ours), revision(3, 'superseded')],
        baseline: old,
        lastAttempt: attempt('dead', { id: 'try-2' }),
      },
      { kind: 'adopt', revision: 5 },
    ],
    [
      'died in a second try: unlock that',
      {
        history: [revision(5, 'pending-upgrade', again), ...failed],
        baseline: old,
        lastAttempt: attempt('dead', { id: 'try-2' }),
      },
      { kind: 'unlock', revision: 5 },
    ],
    [
      'killed three workers: give up',
      { history: failed, baseline: old, lastAttempt: attempt('dead', { failures: 3 }) },
      { kind: 'give-up', problem: { code: 'release-attempts-died' } },
    ],
  ])
})

describe('retryDelayMs', () => {
  it('doubles from ten seconds to five minutes', () => {
    expect([1, 2, 3, 4, 5, 6, 1_000].map(retryDelayMs)).toEqual([
      10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000,
    ])
  })
})
