import type { AuditRecord, Page, Store } from '#lib/ports/store/index.ts'
import type { Caller } from './caller.ts'
import { visibleRelease } from './release-view.ts'

/** Audit events of one release, newest first. Throws `not-found`, `forbidden`. */
export async function listReleaseActivity(
  deps: { store: Pick<Store, 'getRelease' | 'listAudit'> },
  caller: Caller,
  id: string,
  page: { after?: string; limit?: number },
): Promise<Page<AuditRecord>> {
  await visibleRelease(deps, caller, id)
  return deps.store.listAudit({ release: id, ...page })
}
