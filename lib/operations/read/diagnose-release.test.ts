import { describe, expect, it } from 'vitest'
import type { AttemptRecord, RevisionRecord } from '#lib/ports/store/index.ts'
import { diagnoseRelease } from './diagnose-release.ts'

type Release = Parameters<typeof diagnoseRelease>[0]

const release = (change: Partial<Release>): Release => ({
  phase: 'deployed',
  problems: [],
  health: 'healthy',
  healthReason: '1 workload is ready.',
  revision: 4,
  ...change,
})
const problem = (code: string) => ({ code, severity: 'error' as const, message: 'm' })
const revision = (status: RevisionRecord['status'], operation?: string): RevisionRecord => ({
  release: 'r',
  revision: 4,
  status,
  updatedAt: 1,
  chartName: 'c',
  chartVersion: '1',
  appVersion: '1',
  description: '',
  operation,
  images: [],
})
const attempt = (action: AttemptRecord['action'], state: AttemptRecord['state']): AttemptRecord => ({
  id: 'try',
  release: 'r',
  operation: 'op',
  action,
  inputs: 'i',
  state,
  epoch: 1,
  intent: 'i',
  failures: 1,
  message: 'port is invalid',
  startedAt: 1,
})

describe('diagnoseRelease', () => {
  const failed = [attempt('upgrade', 'failed')]
  const rows: [
    label: string,
    release: Release,
    revisions: RevisionRecord[],
    attempts: AttemptRecord[],
    offer: string | undefined,
    says: string,
  ][] = [
    ['well', release({}), [revision('deployed', 'op')], [attempt('upgrade', 'succeeded')], undefined, ''],
    ['under way', release({ phase: 'upgrading' }), [revision('deployed', 'op')], failed, undefined, ''],
    ['failed, tried again', release({ phase: 'failed' }), [revision('failed', 'op')], failed, 'retry', 'by itself'],
    [
      'given up',
      release({ phase: 'failed', problems: [problem('release-upgrade-failed')] }),
      [revision('failed', 'op')],
      failed,
      'retry',
      '"next":"Correct it in Git, or try again."',
    ],
    [
      'rolled back after a failure',
      release({ phase: 'failed', problems: [problem('release-upgrade-failed')] }),
      [revision('deployed', 'older')],
      [attempt('rollback', 'succeeded'), ...failed],
      'retry',
      'port is invalid',
    ],
    [
      "someone else's helm",
      release({ phase: 'blocked', problems: [problem('release-pending')] }),
      [revision('pending-upgrade')],
      [],
      'unlock',
      'Someone else',
    ],
    ['pods that fail', release({ health: 'failing', healthReason: 'Pod p crashed' }), [], [], 'none', 'Pod p crashed'],
  ]
  it.each(rows)('%s', (_label, given, revisions, attempts, offer, says) => {
    const told = diagnoseRelease(given, revisions, attempts)
    expect(told?.offer).toBe(offer)
    expect(JSON.stringify(told) ?? '').toContain(says)
  })
})
