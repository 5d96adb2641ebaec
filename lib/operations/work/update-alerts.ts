import {
  clusterAlerts,
  clusterPatienceMs,
  clusterScope,
  imageScope,
  promotionScope,
  releaseAlerts,
  releaseScope,
} from '#lib/core/alert/index.ts'
import type { WorkerDeps } from './deps.ts'
import { forgetFailingScan } from './failing-scans.ts'
import { usesByRepository, usesByTag } from './image-uses.ts'
import { settleAlerts } from './settle-alerts.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'memory' | 'settings' | 'wakeups'>

/**
 * Opens, updates and recovers the incidents of one release by what its record says now; '' = of everything. Returns when to
 * look again, in milliseconds since the epoch; undefined = when something happens.
 */
export async function updateAlerts(deps: Deps, id: string): Promise<number | undefined> {
  if (id === '') {
    await updateAll(deps)
    return updateCluster(deps)
  }
  const { clock, memory } = deps
  const record = memory.releases.get(id)
  const nothing = { wanted: [], kept: [] }
  await settleAlerts(deps, releaseScope(id), record ? releaseAlerts(record, clock.now(), memory.openAlerts) : nothing)
  if (!record) await settleAlerts(deps, promotionScope(id), nothing)
  return undefined
}

async function updateCluster(deps: Deps): Promise<number | undefined> {
  const { clusterAway: away } = deps.memory
  const wanted = clusterAlerts(deps.settings.clusterName, away, deps.clock.now())
  await settleAlerts(deps, clusterScope, { wanted, kept: [] })
  return away && wanted.length === 0 ? away.since + clusterPatienceMs : undefined
}

/** Also ends what nobody looks at any more: releases that are gone, images and tags that nobody uses. */
async function updateAll(deps: Deps): Promise<void> {
  const { memory } = deps
  for (const id of memory.releases.keys()) await updateAlerts(deps, id)
  const open = [...memory.openAlerts].map(partsOf)
  for (const { noun, subject } of open)
    if ((noun === 'release' || noun === 'promotion') && !memory.releases.has(subject)) await updateAlerts(deps, subject)
  if (!memory.snapshot) return
  const used = usesByRepository(deps)
  for (const [repository, about] of Map.groupBy(
    open.filter(({ noun }) => noun === 'image'),
    ({ subject }) => subject,
  )) {
    const tags = usesByTag(used.get(repository) ?? [])
    const kept = about.filter(({ tag }) => tags.has(tag)).map(({ key }) => key)
    await settleAlerts(deps, imageScope(repository), { wanted: [], kept })
  }
  for (const repository of memory.failingScans.keys())
    if (!used.has(repository)) await forgetFailingScan(deps, repository)
}

/** Keys are `<noun> <subject> <condition>`; a condition of an image is about a tag, `latest` where it names none. */
function partsOf(key: string) {
  const [noun, subject = '', , tag = 'latest'] = key.split(' ')
  return { key, noun, subject, tag }
}
