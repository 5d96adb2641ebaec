import { closeLeftBatches } from '#lib/operations/work/apply-batch.ts'
import { isDeletionIntent } from '#lib/operations/work/delete-objects.ts'
import { loadGuards } from '#lib/operations/work/guards.ts'
import { loadProposals } from '#lib/operations/work/proposals.ts'
import { lastGoodConfig } from '#lib/operations/work/repository-config.ts'
import type { PromotionRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from '#lib/operations/work/deps.ts'

/** Far more than any cluster has incidents, or operations under way. */
const atMost = 10_000

/** Brings back what the database remembers; the rest comes from Git and the cluster's watches. */
export async function loadMemory(deps: Pick<WorkerDeps, 'store' | 'clock' | 'memory' | 'settings'>): Promise<void> {
  const { store, memory, settings } = deps
  const [releases, inventory, modes] = await Promise.all([
    store.allReleases(settings.clusterName),
    store.listInventory(settings.clusterName),
    store.environmentModes(),
  ])
  for (const release of releases) memory.releases.set(release.id, release)
  for (const entry of inventory) memory.inventory.set(entry.object, entry)
  memory.modes = modes
  await loadGuards(deps)
  await loadProposals(deps)
  memory.config = (await lastGoodConfig(deps)) ?? memory.config
  for (const { key } of await store.listAlerts({ open: true, limit: atMost })) memory.openAlerts.add(key)
  for (const { name, problem } of await store.listImageRepositories())
    if (problem?.severity === 'error')
      memory.failingScans.set(name, { repository: name, problem, since: deps.clock.now() })
  for (const attempt of await store.newestDeployments()) memory.attempts.set(attempt.release, attempt)
  for (const promotion of await openPromotions(store)) memory.promotions.set(promotion.id, promotion)
  for (const attempt of await store.runningAttempts()) memory.attempts.set(attempt.release, attempt)
  const unfinished = await store.listOperations({ states: ['committed', 'running'], limit: atMost })
  for (const { release } of unfinished) if (release !== undefined) memory.unfinished.add(release)
  const left = await store.openIntents()
  for (const { intent } of left) if (intent && isDeletionIntent(intent)) memory.deleting.add(intent)
  await closeLeftBatches(deps, left)
}

async function openPromotions(store: WorkerDeps['store']): Promise<PromotionRecord[]> {
  const found: PromotionRecord[] = []
  let after: string | undefined
  do {
    const page = await store.listPromotions({ open: true, limit: 500, after })
    found.push(...page.items)
    after = page.next
  } while (after !== undefined)
  return found
}
