import { describe, expect, it } from 'vitest'
import type { ContainerStatus, PodStatus, ReleaseHealth, WorkloadStatus } from './health-types.ts'
import { readPodStatus, readWorkloadStatus } from './read-workload.ts'
import { isPullFailure, nextHealthReview, releaseHealth } from './release-health.ts'

const now = 10_000_000_000
const container = (more: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: 'podinfod',
  image: 'stefanprodan/podinfo:dev-1',
  ready: true,
  restarts: 0,
  init: false,
  running: true,
  ...more,
})
const pod = (containers: ContainerStatus[], more: Partial<PodStatus> = {}): PodStatus => ({
  name: 'podinfo-1',
  phase: 'Running',
  ready: true,
  createdAt: now - 60_000,
  deleting: false,
  containers,
  ...more,
})
const workload = (more: Partial<WorkloadStatus> = {}): WorkloadStatus => ({
  kind: 'Deployment',
  namespace: 'dev',
  name: 'podinfo',
  outdated: false,
  desired: 2,
  updated: 2,
  available: 2,
  total: 2,
  paused: false,
  changedAt: now - 60_000,
  pods: [],
  ...more,
})
const waiting = (reason: string, message?: string) =>
  workload({
    available: 1,
    pods: [
      pod([
        container({ running: false, ready: false, restarts: 4, waiting: { reason, ...(message ? { message } : {}) } }),
      ]),
    ],
  })

describe('releaseHealth', () => {
  const rows: [label: string, workloads: WorkloadStatus[] | undefined, kind: ReleaseHealth['kind'], says: string][] = [
    ['not read yet', undefined, 'unknown', 'not been read'],
    ['no workloads', [], 'healthy', 'no workloads'],
    ['all ready', [workload()], 'healthy', '1 workload is ready'],
    ['scaled to nothing', [workload({ desired: 0, updated: 0, available: 0, total: 0 })], 'healthy', 'ready'],
    ['not taken up', [workload({ outdated: true })], 'progressing', 'taken up'],
    ['updating', [workload({ updated: 1 })], 'progressing', 'updated 1 of 2'],
    ['starting', [workload({ available: 0 })], 'progressing', '0 of 2 pods ready'],
    ['old pods ending', [workload({ total: 3 })], 'progressing', 'ending 1 old'],
    [
      'image cannot be pulled',
      [waiting('ImagePullBackOff', 'manifest unknown')],
      'failing',
      'stefanprodan/podinfo:dev-1 of container podinfod cannot be pulled: manifest unknown',
    ],
    ['crash loop', [waiting('CrashLoopBackOff')], 'failing', 'crashes again and again, 4 restarts'],
    [
      'missing ConfigMap',
      [waiting('CreateContainerConfigError', 'configmap "a" not found')],
      'failing',
      'cannot be started: configmap',
    ],
    ['just creating', [waiting('ContainerCreating')], 'progressing', '1 of 2'],
    [
      'crashed just now',
      [
        workload({
          available: 1,
          pods: [pod([container({ running: false, ready: false, ended: { reason: 'OOMKilled', exitCode: 137 } })])],
        }),
      ],
      'failing',
      'crashed (OOMKilled, exit code 137)',
    ],
    [
      'init container',
      [
        workload({
          available: 1,
          pods: [pod([container({ init: true, running: false, ended: { reason: 'Error', exitCode: 1 } })])],
        }),
      ],
      'failing',
      'init container',
    ],
    [
      'unschedulable',
      [workload({ available: 1, pods: [pod([], { phase: 'Pending', unschedulable: 'Insufficient cpu' })] })],
      'failing',
      'finds no node: Insufficient cpu',
    ],
    [
      'probe fails for long',
      [workload({ available: 1, pods: [pod([container({ ready: false })], { createdAt: now - 700_000 })] })],
      'failing',
      'readiness probe fails',
    ],
    [
      'probe not passed yet',
      [workload({ available: 1, pods: [pod([container({ ready: false })])] })],
      'progressing',
      '1 of 2',
    ],
    [
      'a pod that is ending is no cause',
      [
        workload({
          pods: [pod([container({ running: false, ended: { reason: 'Error', exitCode: 1 } })], { deleting: true })],
        }),
      ],
      'healthy',
      'ready',
    ],
    [
      'deadline passed',
      [workload({ available: 0, failed: { reason: 'ProgressDeadlineExceeded' } })],
      'stuck',
      'ProgressDeadlineExceeded',
    ],
    [
      'deadline passed with a cause',
      [{ ...waiting('ErrImagePull'), failed: { reason: 'ProgressDeadlineExceeded' } }],
      'stuck',
      'cannot be pulled',
    ],
    [
      'a stateful set that does not move',
      [workload({ kind: 'StatefulSet', updated: 1, changedAt: now - 700_000 })],
      'stuck',
      '10 minutes',
    ],
    [
      'job running',
      [workload({ kind: 'Job', desired: 1, updated: 0, available: 0, total: 1 })],
      'progressing',
      'completed 0 of 1',
    ],
    ['job done', [workload({ kind: 'Job', desired: 1, updated: 1, available: 0, total: 1 })], 'healthy', 'ready'],
    [
      'job failed',
      [workload({ kind: 'Job', failed: { reason: 'BackoffLimitExceeded' } })],
      'stuck',
      'BackoffLimitExceeded',
    ],
    ['the worst counts', [workload(), waiting('CrashLoopBackOff'), workload({ updated: 1 })], 'failing', 'crashes'],
  ]
  it.each(rows)('%s', (_label, workloads, kind, says) => {
    const health = releaseHealth(workloads, now)
    expect(health.kind).toBe(kind)
    expect(health.reason).toContain(says)
    expect(isPullFailure(health.reason)).toBe(says.includes('cannot be pulled'))
  })
})

describe('nextHealthReview', () => {
  const patience = 600_001
  const unready = (createdAt: number, more: Partial<PodStatus> = {}) =>
    workload({ available: 1, pods: [pod([container({ ready: false })], { createdAt, ...more })] })
  const rows: [label: string, workloads: WorkloadStatus[], at: number | undefined][] = [
    ['nothing to wait for', [workload()], undefined],
    ['a Deployment tells by itself', [workload({ updated: 1 })], undefined],
    ['a StatefulSet that moves', [workload({ kind: 'StatefulSet', updated: 1 })], now - 60_000 + patience],
    ['a DaemonSet that moves', [workload({ kind: 'DaemonSet', updated: 1 })], now - 60_000 + patience],
    ['a StatefulSet that is there', [workload({ kind: 'StatefulSet' })], undefined],
    ['patience ran out', [workload({ kind: 'StatefulSet', updated: 1, changedAt: now - 700_000 })], undefined],
    ['a probe that may pass', [unready(now - 5_000)], now - 5_000 + patience],
    ['a pod that is ending', [unready(now, { deleting: true })], undefined],
    ['the first of several', [unready(now), unready(now - 9_000)], now - 9_000 + patience],
  ]
  it.each(rows)('%s', (_label, workloads, at) => {
    expect(nextHealthReview(workloads, now)).toBe(at)
  })

  it('is when the verdict changes, not before', () => {
    for (const still of [workload({ kind: 'StatefulSet', updated: 1 }), unready(now)]) {
      const at = nextHealthReview([still], now) ?? 0
      expect(releaseHealth([still], at - 1).kind).toBe('progressing')
      expect(releaseHealth([still], at).kind).not.toBe('progressing')
    }
  })
})

describe('readWorkloadStatus', () => {
  const metadata = { name: 'podinfo', namespace: 'dev', generation: 2, creationTimestamp: '2018-08-01T10:00:00Z' }
  it('reads a Deployment', () => {
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { replicas: 3 },
      status: {
        observedGeneration: 1,
        replicas: 4,
        updatedReplicas: 1,
        availableReplicas: 3,
        conditions: [
          {
            type: 'Progressing',
            status: 'False',
            reason: 'ProgressDeadlineExceeded',
            message: 'm',
            lastUpdateTime: '2018-08-01T11:00:00Z',
          },
        ],
      },
    }
    expect(readWorkloadStatus(object, [])).toEqual({
      kind: 'Deployment',
      namespace: 'dev',
      name: 'podinfo',
      outdated: true,
      desired: 3,
      updated: 1,
      available: 3,
      total: 4,
      paused: false,
      failed: { reason: 'ProgressDeadlineExceeded', message: 'm' },
      changedAt: Date.UTC(2018, 7, 1, 11),
      pods: [],
    })
  })

  const rows: [label: string, kind: string, spec: object, status: object, want: object][] = [
    [
      'a StatefulSet',
      'StatefulSet',
      { replicas: 2 },
      { observedGeneration: 2, replicas: 2, updatedReplicas: 1, readyReplicas: 2 },
      { desired: 2, updated: 1, available: 2, outdated: false },
    ],
    [
      'one updated by hand',
      'StatefulSet',
      { replicas: 2, updateStrategy: { type: 'OnDelete' } },
      { observedGeneration: 2, replicas: 2 },
      { desired: 2, updated: 2 },
    ],
    [
      'a DaemonSet',
      'DaemonSet',
      {},
      { observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 2, numberAvailable: 1 },
      { desired: 3, updated: 2, available: 1 },
    ],
    [
      'a Job that is complete',
      'Job',
      {},
      { conditions: [{ type: 'Complete', status: 'True' }] },
      { desired: 1, updated: 1, outdated: false },
    ],
    [
      'a Job that failed',
      'Job',
      {},
      { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] },
      { failed: { reason: 'BackoffLimitExceeded' } },
    ],
  ]
  it.each(rows)('reads %s', (_label, kind, spec, status, want) => {
    const read = readWorkloadStatus({ apiVersion: 'v1', kind, metadata, spec, status }, [])
    expect(read).toMatchObject(want)
  })

  it('takes a workload without conditions to have moved when it was last written', () => {
    const managedFields = [{ time: '2018-08-01T12:00:00Z' }, { time: '2018-08-01T13:00:00Z', subresource: 'status' }]
    const object = { apiVersion: 'v1', kind: 'StatefulSet', metadata: { ...metadata, managedFields } }
    expect(readWorkloadStatus(object, [])?.changedAt).toBe(Date.UTC(2018, 7, 1, 13))
    expect(readWorkloadStatus({ ...object, metadata }, [])?.changedAt).toBe(Date.UTC(2018, 7, 1, 10))
  })

  it('reads no other kinds', () => {
    expect(readWorkloadStatus({ apiVersion: 'v1', kind: 'Service', metadata }, [])).toBeUndefined()
  })

  it('reads a Pod', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      status: {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no cpu' }],
        containerStatuses: [
          {
            name: 'a',
            image: 'i',
            ready: false,
            restartCount: 2,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { reason: 'Error', exitCode: 3 } },
          },
        ],
      },
    }
    expect(readPodStatus(object)).toEqual({
      name: 'podinfo',
      phase: 'Pending',
      ready: false,
      createdAt: Date.UTC(2018, 7, 1, 10),
      deleting: false,
      unschedulable: 'no cpu',
      containers: [
        {
          name: 'a',
          image: 'i',
          ready: false,
          restarts: 2,
          init: false,
          running: false,
          waiting: { reason: 'CrashLoopBackOff' },
          ended: { reason: 'Error', exitCode: 3 },
        },
      ],
    })
  })
})
