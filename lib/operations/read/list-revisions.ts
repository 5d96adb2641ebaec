import { Fault } from '#lib/core/fault/index.ts'
import type { Page, RevisionRecord, Store } from '#lib/ports/store/index.ts'
import type { Caller } from './caller.ts'
import { visibleRelease } from './release-view.ts'

/** Revisions of a release, newest first. `after` = the `next` of the page before. */
export async function listRevisions(
  deps: { store: Pick<Store, 'getRelease' | 'listRevisions'> },
  caller: Caller,
  id: string,
  page: { after?: string; limit?: number },
): Promise<Page<RevisionRecord>> {
  await visibleRelease(deps, caller, id)
  const before = page.after === undefined ? undefined : Number(page.after)
  if (before !== undefined && !Number.isInteger(before)) {
    throw new Fault('invalid', '`after` is not the `next` of a page of revisions.')
  }
  return deps.store.listRevisions(id, { before, limit: page.limit })
}
