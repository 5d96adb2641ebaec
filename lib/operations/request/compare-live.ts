import type { LiveComparison } from '../work/compare-live.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { visibleRelease } from '../read/release-view.ts'
import { askWorker } from './run-command.ts'
import type { RequestDeps } from './run-command.ts'

/** A dry run of each object; big charts have hundreds. */
const patienceMs = 30_000

/** A revision beside what the cluster has now. Throws `not-found`, `forbidden`, `unavailable`, and the worker's faults. */
export async function compareLive(
  deps: RequestDeps,
  caller: Caller,
  { id, revision }: { id: string; revision: number },
): Promise<LiveComparison> {
  const release = await visibleRelease(deps, caller, id)
  ask(caller, 'objects:read', release.environment)
  return askWorker<LiveComparison>(deps, caller, 'compare-live', { release: id, revision }, patienceMs)
}
