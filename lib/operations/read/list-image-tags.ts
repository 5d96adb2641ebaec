import { Fault } from '#lib/core/fault/index.ts'
import type { Page, Store, TagRecord } from '#lib/ports/store/index.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'

/** Tags of a watched repository, newest first. Throws `not-found` for one that is not watched. */
export async function listImageTags(
  deps: { store: Pick<Store, 'getImageRepository' | 'listTags'> },
  caller: Caller,
  query: { repository: string; search?: string; after?: string; limit?: number },
): Promise<Page<TagRecord>> {
  askSomewhere(caller, 'releases:read')
  const { repository, ...page } = query
  if (!(await deps.store.getImageRepository(repository))) {
    throw new Fault('not-found', `${repository} is not watched.`, {
      suggestion: 'Only repositories that a release in Git uses are watched: GET /api/v1/images.',
    })
  }
  return deps.store.listTags(repository, page)
}
