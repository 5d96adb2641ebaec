import { Fault } from '#lib/core/fault/index.ts'
import { simulateOverTime, type PastSimulation } from '#lib/core/policy/index.ts'
import type { Store } from '#lib/ports/store/index.ts'
import type { Caller } from './caller.ts'
import { visibleRelease } from './release-view.ts'

/** What another filter would have chosen over the recorded scans of a container. Throws `not-found`, `forbidden`. */
export async function replayPolicy(
  { store }: { store: Pick<Store, 'getRelease' | 'listScans'> },
  caller: Caller,
  id: string,
  { container, pattern }: { container: string; pattern: string },
): Promise<PastSimulation> {
  const release = await visibleRelease({ store }, caller, id)
  const image = release.images.find((candidate) => candidate.container === container)
  if (!image) {
    const names = release.images.map((candidate) => candidate.container).join(', ')
    throw new Fault('not-found', `${release.name} has no container ${container}.`, { suggestion: `It has: ${names}.` })
  }
  return simulateOverTime(pattern, await store.listScans(image.repository))
}
