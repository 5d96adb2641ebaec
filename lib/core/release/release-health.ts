import type { ContainerStatus, PodStatus, ReleaseHealth, WorkloadStatus } from './health-types.ts'

/** Milliseconds a pod may be unready without a named cause before that counts as stuck: Kubernetes' own progress deadline. */
const patienceMs = 600_000
/** Restarts from which a container that is up again still counts as crashing. */
const manyRestarts = 3

const pullReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
])
const configReasons = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
])

const quote = (message: string | undefined): string => (message ? `: ${message.trim().slice(0, 300)}` : '')

function containerCause({
  name,
  image,
  ready,
  restarts,
  init,
  running,
  waiting,
  ended,
}: ContainerStatus): string | undefined {
  const what = `${init ? 'init container' : 'container'} ${name}`
  if (waiting && pullReasons.has(waiting.reason))
    return `image ${image} of ${what} cannot be pulled${quote(waiting.message)}`
  if (waiting && configReasons.has(waiting.reason)) return `${what} cannot be started${quote(waiting.message)}`
  const last = ended ? ` (${ended.reason || 'ended'}, exit code ${ended.exitCode})` : ''
  if (waiting?.reason === 'CrashLoopBackOff') return `${what} crashes again and again, ${restarts} restarts${last}`
  if (ended && !running && ended.exitCode !== 0) return `${what} crashed${last}`
  if (running && !ready && !init && restarts >= manyRestarts)
    return `${what} restarted ${restarts} times${last} and is not ready`
  return undefined
}

/** Whether a reason given below is that an image cannot be pulled. */
export const isPullFailure = (reason: string): boolean => /\bimage \S+ of .*container \S+ cannot be pulled/.test(reason)

const isOver = ({ deleting, phase }: PodStatus): boolean => deleting || phase === 'Succeeded'

const unreadyContainer = ({ containers }: PodStatus): ContainerStatus | undefined =>
  containers.find(({ init, running, ready }) => !init && running && !ready)

/** The cause in words, or nothing for a pod that is well or just starting. */
function podCause(pod: PodStatus, now: number): string | undefined {
  if (isOver(pod)) return undefined
  if (pod.unschedulable !== undefined) return `Pod ${pod.name} finds no node${quote(pod.unschedulable)}`
  for (const container of pod.containers) {
    const cause = containerCause(container)
    if (cause) return `Pod ${pod.name}: ${cause}`
  }
  const unready = unreadyContainer(pod)
  if (unready && now - pod.createdAt > patienceMs)
    return `Pod ${pod.name}: container ${unready.name} runs but its readiness probe fails`
  return undefined
}

const label = ({ kind, name }: WorkloadStatus): string => `${kind} ${name}`

function progressOf(workload: WorkloadStatus): string | undefined {
  const { kind, desired, updated, available, total, outdated, paused } = workload
  if (outdated) return `${label(workload)} has not been taken up by its controller`
  if (kind === 'Job')
    return updated >= desired ? undefined : `${label(workload)} has completed ${updated} of ${desired}`
  if (paused && updated < desired) return `${label(workload)} is paused with ${updated} of ${desired} updated`
  if (updated < desired) return `${label(workload)} has updated ${updated} of ${desired} pods`
  if (available < desired) return `${label(workload)} has ${available} of ${desired} pods ready`
  return total > desired ? `${label(workload)} is ending ${total - desired} old pods` : undefined
}

/** Its controller never says by itself that it does not get on. */
const isEndless = ({ kind }: WorkloadStatus): boolean => kind === 'StatefulSet' || kind === 'DaemonSet'

function workloadHealth(workload: WorkloadStatus, now: number): ReleaseHealth {
  const since = workload.changedAt === undefined ? {} : { since: workload.changedAt }
  const progress = progressOf(workload)
  const cause = workload.pods.map((pod) => podCause(pod, now)).find((text) => text !== undefined)
  if (workload.failed) {
    const words = cause ?? `${workload.failed.reason}${quote(workload.failed.message)}`
    return { kind: 'stuck', reason: `${label(workload)} gave up. ${words}`, ...since }
  }
  if (cause) return { kind: 'failing', reason: `${label(workload)}: ${cause}`, ...since }
  if (progress === undefined) return { kind: 'healthy', reason: `${label(workload)} is ready`, ...since }
  const waited = workload.changedAt === undefined ? 0 : now - workload.changedAt
  if (isEndless(workload) && waited > patienceMs)
    return { kind: 'stuck', reason: `${progress} and has not moved for 10 minutes`, ...since }
  return { kind: 'progressing', reason: progress, ...since }
}

const gravity: Record<ReleaseHealth['kind'], number> = { healthy: 0, unknown: 1, progressing: 2, failing: 3, stuck: 4 }

/**
 * Health of a release: that of its worst workload, named with the cause. `undefined` = not read yet; `now` in milliseconds since
 * the epoch.
 */
export function releaseHealth(workloads: readonly WorkloadStatus[] | undefined, now: number): ReleaseHealth {
  if (workloads === undefined) return { kind: 'unknown', reason: 'Its objects have not been read yet.' }
  if (workloads.length === 0) return { kind: 'healthy', reason: 'It has no workloads to wait for.' }
  const all = workloads.map((workload) => workloadHealth(workload, now))
  const worst = all.reduce((bad, next) => (gravity[next.kind] > gravity[bad.kind] ? next : bad))
  if (worst.kind !== 'healthy') return worst
  const since = all.reduce((latest, { since }) => Math.max(latest, since ?? 0), 0)
  const count = workloads.length === 1 ? '1 workload is' : `All ${workloads.length} workloads are`
  return { kind: 'healthy', reason: `${count} ready.`, ...(since > 0 ? { since } : {}) }
}

/**
 * When the verdict may change although nothing happens: the next moment at which patience with a pod or a rollout ends.
 * Milliseconds since the epoch; nothing where only an event can change it.
 */
export function nextHealthReview(workloads: readonly WorkloadStatus[], now: number): number | undefined {
  const waits = workloads.flatMap((workload) => [
    ...(isEndless(workload) && progressOf(workload) !== undefined ? [workload.changedAt ?? now] : []),
    ...workload.pods.filter((pod) => !isOver(pod) && unreadyContainer(pod)).map(({ createdAt }) => createdAt),
  ])
  const ends = waits.map((since) => since + patienceMs + 1).filter((at) => at > now)
  return ends.length > 0 ? Math.min(...ends) : undefined
}
