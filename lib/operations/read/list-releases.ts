import type { Page, ReleaseRecord, Store } from '#lib/ports/store/index.ts'
import type { Caller } from './caller.ts'
import { maySee } from './release-view.ts'

/** A page of the releases the caller may see; it can be shorter than `limit` and still have a next one. */
export async function listReleases(
  deps: { store: Pick<Store, 'listReleases'> },
  caller: Caller,
  filter: { environment?: string; application?: string; cluster?: string; after?: string; limit?: number },
): Promise<Page<ReleaseRecord>> {
  const page = await deps.store.listReleases(filter)
  return { ...page, items: page.items.filter((release) => maySee(caller, release.environment)) }
}
