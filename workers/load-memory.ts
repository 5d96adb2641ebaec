import { lastDeploying } from '#lib/operations/work/last-deploying.ts'
import type { WorkerDeps } from '#lib/operations/work/deps.ts'

/** Brings back what the database remembers; the rest comes from Git and the cluster's watches. */
export async function loadMemory(deps: Pick<WorkerDeps, 'store' | 'memory' | 'settings'>): Promise<void> {
  const { store, memory, settings } = deps
  const [releases, inventory, modes] = await Promise.all([
    store.allReleases(settings.clusterName),
    store.listInventory(settings.clusterName),
    store.environmentModes(),
  ])
  for (const release of releases) memory.releases.set(release.id, release)
  for (const entry of inventory) memory.inventory.set(entry.object, entry)
  memory.modes = modes
  for (const attempt of await store.runningAttempts()) memory.attempts.set(attempt.release, attempt)
  for (const release of releases) {
    if (memory.attempts.has(release.id) || release.phase === 'deployed') continue
    const last = await lastDeploying(store, release.id)
    if (last) memory.attempts.set(release.id, last)
  }
}
