import { helmReleaseId, type WorkerDeps } from '#lib/operations/work/deps.ts'
import { replaceWaiting } from '#lib/operations/work/replace-waiting.ts'
import type { KeyedQueue } from './keyed-queue.ts'

/** A promotion's id, or a release's: then those into it and those of its application, whose source it may be. */
export function wakePromotions(deps: WorkerDeps, promoting: KeyedQueue, key: string) {
  const application = deps.memory.releases.get(key)?.application
  for (const promotion of deps.memory.promotions.values())
    if (key === '' || promotion.id === key || promotion.release === key || promotion.application === application)
      promoting.wake(promotion.id)
}

/** One that runs is looked at beside its run, which may wait for minutes. */
export function replaceAll(deps: WorkerDeps, id: string) {
  for (const waiting of deps.memory.waiting.keys()) {
    if (id !== '' && id !== waiting) continue
    replaceWaiting(deps, waiting).catch((error: unknown) =>
      deps.log.warn('an upgrade that waits was not replaced', { release: waiting, error: String(error) }),
    )
  }
}

/** '' = all: that is what many wake-ups at once are folded into. */
export function wakeReleases(deps: WorkerDeps, queue: KeyedQueue, id: string) {
  if (id !== '') queue.wake(id)
  else for (const known of deps.memory.releases.keys()) queue.wake(known)
}

export function scanAll(deps: WorkerDeps, scanning: KeyedQueue) {
  for (const release of deps.memory.releases.values())
    for (const image of release.images) scanning.wake(image.repository)
}

/** A repository name wakes every release that uses it; an id, its own or its document's, wakes that one. */
export function automateFor(deps: WorkerDeps, automating: KeyedQueue, key: string) {
  if (deps.memory.releases.has(key)) return automating.wake(key)
  for (const record of deps.memory.releases.values())
    if (key === '' || helmReleaseId(record) === key || record.images.some((image) => image.repository === key))
      automating.wake(record.id)
}
