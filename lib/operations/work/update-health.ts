import { releaseHealth } from '#lib/core/release/index.ts'
import { helmKey, type WorkerDeps } from './deps.ts'
import { patchRelease } from './release-records.ts'

/** Judges one release by its workloads and pods as last watched, and shows the verdict. */
export async function updateHealth(
  deps: Pick<WorkerDeps, 'store' | 'clock' | 'settings' | 'memory' | 'wakeups'>,
  id: string,
): Promise<void> {
  const record = deps.memory.releases.get(id)
  if (!record || record.revision === undefined) return
  const key = helmKey(record.targetNamespace, record.releaseName)
  const health = releaseHealth({
    workloads: [...(deps.memory.workloads.get(key)?.values() ?? [])],
    pods: [...(deps.memory.pods.get(key)?.values() ?? [])],
    now: deps.clock.now(),
  })
  await patchRelease(deps, id, {
    health: health.kind,
    healthReason: health.reason,
    healthSince: health.kind === record.health ? record.healthSince : deps.clock.now(),
  })
}
