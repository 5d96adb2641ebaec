import type { AuditFilter, AuditRecord, Page, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

export async function listAudit(
  deps: { store: Pick<Store, 'listAudit'> },
  caller: Caller,
  filter: AuditFilter,
): Promise<Page<AuditRecord>> {
  ask(caller, 'audit:read')
  return deps.store.listAudit(filter)
}
