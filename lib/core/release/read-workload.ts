import type { KubeObject } from '../manifest/types.ts'
import type { ContainerStatus, PodStatus, WorkloadStatus } from './health-types.ts'

type Fields = Record<string, unknown>

const map = (value: unknown): Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {}
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(map) : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const count = (value: unknown, otherwise = 0): number => (typeof value === 'number' ? value : otherwise)
const time = (value: unknown): number | undefined => {
  const read = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(read) ? undefined : read
}

function readContainer(status: Fields, init: boolean): ContainerStatus {
  const state = map(status.state)
  const waiting = map(state.waiting)
  const ended = map(state.terminated ?? map(status.lastState).terminated)
  const message = text(waiting.message)
  return {
    name: text(status.name),
    image: text(status.image),
    ready: status.ready === true,
    restarts: count(status.restartCount),
    init,
    running: state.running !== undefined,
    ...(state.waiting === undefined
      ? {}
      : { waiting: { reason: text(waiting.reason), ...(message ? { message } : {}) } }),
    ...(typeof ended.exitCode === 'number' ? { ended: { reason: text(ended.reason), exitCode: ended.exitCode } } : {}),
  }
}

const phases: readonly string[] = ['Pending', 'Running', 'Succeeded', 'Failed']

/** The few fields of a Pod that health needs. */
export function readPodStatus(pod: KubeObject): PodStatus {
  const status = map(pod.status)
  const conditions = list(status.conditions)
  const scheduled = conditions.find(({ type }) => type === 'PodScheduled')
  const unschedulable = scheduled?.status === 'False' && scheduled.reason === 'Unschedulable'
  const phase = text(status.phase)
  return {
    name: pod.metadata.name,
    phase: phases.includes(phase) ? (phase as PodStatus['phase']) : 'Unknown',
    ready: conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    createdAt: time(pod.metadata.creationTimestamp) ?? 0,
    deleting: pod.metadata.deletionTimestamp !== undefined,
    containers: [
      ...list(status.initContainerStatuses).map((container) => readContainer(container, true)),
      ...list(status.containerStatuses).map((container) => readContainer(container, false)),
    ],
    ...(unschedulable ? { unschedulable: text(scheduled.message) } : {}),
  }
}

interface Counts {
  desired: number
  updated: number
  available: number
  total: number
}

function readCounts(kind: WorkloadStatus['kind'], spec: Fields, status: Fields): Counts {
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet': {
      const ordered = kind === 'StatefulSet' && map(spec.updateStrategy).type === 'OnDelete'
      const desired = count(spec.replicas, 1)
      const updated = ordered ? desired : count(status.updatedReplicas)
      const available = count(status.availableReplicas, kind === 'StatefulSet' ? count(status.readyReplicas) : 0)
      return { desired, updated, available, total: count(status.replicas) }
    }
    case 'DaemonSet': {
      const desired = count(status.desiredNumberScheduled)
      const updated = map(spec.updateStrategy).type === 'OnDelete' ? desired : count(status.updatedNumberScheduled)
      return { desired, updated, available: count(status.numberAvailable), total: desired }
    }
    case 'Job': {
      const done = count(status.succeeded)
      const complete = list(status.conditions).some(
        ({ type, status: value }) => type === 'Complete' && value === 'True',
      )
      const desired = count(spec.completions, 1)
      return { desired, updated: complete ? desired : done, available: 0, total: count(status.active) + done }
    }
  }
}

const kinds: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'] satisfies WorkloadStatus['kind'][]

function readFailure(conditions: readonly Fields[]): WorkloadStatus['failed'] {
  const failed = conditions.find(
    ({ type, status, reason }) =>
      (type === 'Progressing' && status === 'False' && reason === 'ProgressDeadlineExceeded') ||
      (type === 'Failed' && status === 'True'),
  )
  if (!failed) return undefined
  const message = text(failed.message)
  return { reason: text(failed.reason) || 'Failed', ...(message ? { message } : {}) }
}

/**
 * When the rollout last moved: by its conditions, else by the last write to any of its fields, status included, since the
 * controllers of StatefulSets and DaemonSets write no conditions.
 */
function readChangedAt(conditions: readonly Fields[], object: KubeObject): number | undefined {
  const told = conditions.map((condition) => time(condition.lastUpdateTime) ?? time(condition.lastTransitionTime))
  const times = told.length > 0 ? told : (object.metadata.managedFields ?? []).map((entry) => time(entry.time))
  const latest = Math.max(...times.map((at) => at ?? 0), 0)
  return latest > 0 ? latest : time(object.metadata.creationTimestamp)
}

/** The few fields of a workload that health needs, with `pods` of its newest spec; nothing for other kinds. */
export function readWorkloadStatus(object: KubeObject, pods: readonly PodStatus[]): WorkloadStatus | undefined {
  if (!kinds.includes(object.kind)) return undefined
  const kind = object.kind as WorkloadStatus['kind']
  const [spec, status] = [map(object.spec), map(object.status)]
  const conditions = list(status.conditions)
  const [failed, changedAt] = [readFailure(conditions), readChangedAt(conditions, object)]
  const observed = kind === 'Job' ? undefined : count(status.observedGeneration)
  return {
    kind,
    namespace: object.metadata.namespace ?? 'default',
    name: object.metadata.name,
    outdated: observed !== undefined && observed < (object.metadata.generation ?? 0),
    ...readCounts(kind, spec, status),
    paused: spec.paused === true || spec.suspend === true,
    pods: [...pods],
    ...(failed ? { failed } : {}),
    ...(changedAt === undefined ? {} : { changedAt }),
  }
}
