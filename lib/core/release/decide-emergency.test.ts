import { describe, expect, it } from 'vitest'
import { decideRelease } from './decide-release.ts'
import { attempt, base, now, old, ours, revision } from './seen.fixture.ts'
import type { ReleaseSeen } from './types.ts'

const emergency = { toRevision: 2, by: 'ann', reason: 'it leaks' }
const rows: [label: string, seen: Partial<ReleaseSeen>, want: string][] = [
  ['goes back at once', { baseline: old }, 'rollback to 2'],
  ['though Git says something else', { baseline: old, inputs: undefined }, 'rollback to 2'],
  ['does nothing once it is back', { emergency: { ...emergency, revision: 4 }, baseline: old }, 'nothing'],
  ['waits for what is being ended', { lastAttempt: attempt('running') }, 'wait'],
  ['waits for the API server', { away: 'no answer' }, 'wait'],
  ['waits while it is stopped', { stopped: 'no more' }, 'wait'],
  ['only looks', { mode: 'observe' }, 'nothing'],
  [
    'frees the upgrade that was ended',
    { history: [revision(4, 'pending-upgrade', ours), revision(3, 'deployed')], lastAttempt: attempt('dead') },
    'unlock 4',
  ],
  ['frees a rollback whose worker died', { history: [revision(4, 'pending-rollback')] }, 'unlock 4'],
  ['leaves what others began', { history: [revision(4, 'pending-upgrade')] }, 'blocked release-pending'],
  ['unless a person says so', { history: [revision(4, 'pending-upgrade')], asked: 'unlock' }, 'unlock 4'],
  [
    'is not tried again by itself',
    { emergency: { ...emergency, failed: 'no such revision' } },
    'blocked rollback-failed',
  ],
  ['is tried again when asked', { emergency: { ...emergency, failed: 'x' }, asked: 'retry' }, 'rollback to 2'],
]

describe('a release that was rolled back while Git was away', () => {
  it.each(rows)('%s', (_label, seen, want) => {
    const action = decideRelease({ ...base, emergency, ...seen }, now)
    const more =
      action.kind === 'rollback'
        ? ` to ${action.toRevision}`
        : action.kind === 'unlock'
          ? ` ${action.revision}`
          : action.kind === 'blocked'
            ? ` ${action.problem.code}`
            : ''
    expect(`${action.kind}${more}`).toBe(want)
  })

  it('says who, where to and why', () => {
    const action = decideRelease({ ...base, emergency: { ...emergency, revision: 4 } }, now)
    expect(action).toMatchObject({ reason: 'Held: ann rolled back to revision 2 while Git was away: it leaks' })
  })
})
