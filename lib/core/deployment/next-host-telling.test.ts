import { describe, expect, it } from 'vitest'
import { deploymentWords, stateWords } from './deployment-words.ts'
import { nextHostTelling, quietMs } from './next-host-telling.ts'
import type { CommitSeen, HostedOperation, HostSeen } from './types.ts'

const now = Date.parse('2026-03-04T12:00:00Z')
const operation = (more: Partial<HostedOperation> = {}): HostedOperation => ({
  operation: 'op-1',
  release: 'r-1',
  name: 'podinfo-dev',
  environment: 'dev',
  commit: 'c1',
  state: 'running',
  reason: 'dev-2 is the newest',
  asked: false,
  ...more,
})
const commit = (more: Partial<CommitSeen> = {}): CommitSeen => ({
  commit: 'c1',
  environment: 'dev',
  running: 0,
  succeeded: 0,
  failed: 0,
  superseded: 0,
  ...more,
})
const replaced = { operation: 'op-0', release: 'r-1', environment: 'dev', commit: 'c0', deployment: '7' }

/** What is told, in a line. */
function told(seen: Partial<HostSeen>, at = now): string {
  const telling = nextHostTelling({ commits: [], operations: [], replaced: [], ...seen }, at)
  switch (telling.kind) {
    case 'status':
      return `${telling.of.commit} ${telling.state}: ${telling.words}`
    case 'announce':
      return `announce ${telling.of.operation}`
    case 'state':
      return `${telling.deployment} ${telling.state}`
    case 'retire':
      return `retire ${telling.of.deployment}`
    case 'nothing':
      return telling.until === undefined ? 'nothing' : `nothing until ${telling.until - now}`
  }
}

describe('a deployment', () => {
  it.each<[label: string, HostedOperation, want: string]>([
    ['begins', operation(), 'announce op-1'],
    ['is known by now', operation({ deployment: '8', asked: true }), '8 in_progress'],
    ['whose answer was lost is looked for first', operation({ asked: true }), 'announce op-1'],
    ['succeeds', operation({ deployment: '8', told: 'in_progress', state: 'succeeded' }), '8 success'],
    ['is over before it was told to have begun', operation({ deployment: '8', state: 'succeeded' }), '8 success'],
    ['fails', operation({ deployment: '8', told: 'in_progress', state: 'failed' }), '8 failure'],
    ['is overtaken', operation({ deployment: '8', told: 'in_progress', state: 'superseded' }), '8 inactive'],
  ])('%s', (_label, given, want) => {
    expect(told({ operations: [given] })).toBe(want)
  })

  it('is told oldest first, and before what it replaces', () => {
    expect(told({ operations: [operation(), operation({ operation: 'op-2' })], replaced: [replaced] })).toBe(
      'announce op-1',
    )
    expect(told({ replaced: [replaced] })).toBe('retire 7')
    expect(told({})).toBe('nothing')
  })
})

describe('the status of a commit', () => {
  const ended = now - quietMs
  it.each<[label: string, Partial<CommitSeen>, want: string]>([
    ['when its first release begins', { running: 1 }, 'c1 pending: Being deployed to dev.'],
    ['no second time', { running: 3, succeeded: 2, told: 'pending', endedAt: ended }, 'nothing'],
    [
      'not while others may follow',
      { succeeded: 1, endedAt: now - 1, told: 'pending' },
      `nothing until ${quietMs - 1}`,
    ],
    ['when it is quiet', { succeeded: 1, endedAt: ended }, 'c1 success: 1 release deployed to dev.'],
    ['of many at once', { succeeded: 100, endedAt: ended }, 'c1 success: 100 releases deployed to dev.'],
    ['one failed', { failed: 1, endedAt: ended }, 'c1 failure: 1 release not deployed to dev.'],
    [
      'some failed',
      { failed: 1, succeeded: 4, superseded: 1, endedAt: ended },
      'c1 failure: 1 of 5 releases not deployed to dev.',
    ],
    [
      'all were overtaken',
      { superseded: 2, endedAt: ended, told: 'pending' },
      'c1 error: Something newer came before it was deployed to dev.',
    ],
    [
      'mends a failure that was retried',
      { succeeded: 2, endedAt: ended, told: 'failure' },
      'c1 success: 2 releases deployed to dev.',
    ],
  ])('%s', (_label, given, want) => {
    expect(told({ commits: [commit(given)] })).toBe(want)
  })

  it('comes before deployments, and keeps them waiting for nothing', () => {
    expect(told({ commits: [commit({ running: 1 })], operations: [operation()] })).toContain('pending')
    const waiting = commit({ succeeded: 1, endedAt: now, told: 'pending' })
    expect(told({ commits: [waiting], operations: [operation()] })).toBe('announce op-1')
  })
})

it('is said in words that name the release, and nothing of what helm said', () => {
  expect(deploymentWords(operation())).toBe('podinfo-dev: dev-2 is the newest.')
  expect(stateWords(operation({ state: 'succeeded', revision: 7 }))).toBe('podinfo-dev is deployed as revision 7.')
  expect(stateWords(operation({ state: 'failed', reason: 'canary-5f3d9c' }))).not.toContain('canary')
})
