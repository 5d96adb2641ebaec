import { isAtSource } from '#lib/core/promotion/index.ts'
import type { WorkerDeps } from './deps.ts'

/** Promotions that wait for CI to push to this image repository look whether it has. */
export function wakeAwaiting({ memory, wakeups }: Pick<WorkerDeps, 'memory' | 'wakeups'>, repository: string): void {
  for (const { id, facts } of memory.promotions.values()) {
    const { sourceMerge: merge } = facts
    if (isAtSource(merge) && merge.merged && merge.awaits.some((image) => image.repository === repository))
      wakeups.wake('promote', id)
  }
}
