import { nextHealthReview, releaseHealth } from '#lib/core/release/index.ts'
import { helmKey, type WorkerDeps } from './deps.ts'
import { patchRelease } from './release-records.ts'

/**
 * Judges one release by its workloads and pods as last watched, and shows the verdict. Returns when to judge again although
 * nothing happens (milliseconds since the epoch), if patience may run out.
 */
export async function updateHealth(
  deps: Pick<WorkerDeps, 'store' | 'clock' | 'settings' | 'memory' | 'wakeups'>,
  id: string,
): Promise<number | undefined> {
  const record = deps.memory.releases.get(id)
  if (!record || record.revision === undefined) return undefined
  const key = helmKey(record.targetNamespace, record.releaseName)
  const pods = [...(deps.memory.pods.get(record.targetNamespace)?.values() ?? [])]
  const workloads = [...(deps.memory.workloads.get(key)?.values() ?? [])].map(({ status, selector }) => ({
    ...status,
    pods: pods.filter((pod) => selects(selector, pod.labels)).map((pod) => pod.status),
  }))
  const now = deps.clock.now()
  const health = releaseHealth(workloads, now)
  await patchRelease(deps, id, {
    health: health.kind,
    healthReason: health.reason,
    healthSince: health.kind === record.health ? record.healthSince : now,
  })
  return nextHealthReview(workloads, now)
}

/** `matchLabels` of a workload against a pod; an empty selector selects nothing here. */
function selects(selector: Record<string, string>, labels: Record<string, string>): boolean {
  const wanted = Object.entries(selector)
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
}
