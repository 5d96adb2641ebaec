import type { OperationRecord, Store } from '#lib/ports/store/index.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'
import { maySee } from './release-view.ts'

const most = 100

/**
 * Decided changes of what the caller may see, newest first. Those whose release is gone are left out: nobody can say any
 * more in whose environment they were.
 */
export async function listOperations(
  deps: { store: Pick<Store, 'listOperations' | 'getRelease'> },
  caller: Caller,
  filter: { release?: string; since?: number; limit?: number },
): Promise<{ items: OperationRecord[] }> {
  askSomewhere(caller, 'releases:read')
  const limit = Math.min(filter.limit ?? most, most)
  const operations = await deps.store.listOperations({ ...filter, limit })
  const ids = [...new Set(operations.flatMap(({ release }) => release ?? []))]
  const releases = await Promise.all(ids.map((id) => deps.store.getRelease(id)))
  const seen = new Set(
    releases.flatMap((release) => (release && maySee(caller, release.environment) ? [release.id] : [])),
  )
  return { items: operations.filter(({ release }) => release !== undefined && seen.has(release)) }
}
