import type { HookDeliveryRecord, Page, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

export async function listHookDeliveries(
  deps: { store: Pick<Store, 'listHookDeliveries'> },
  caller: Caller,
  filter: { hook?: string; after?: string; limit?: number },
): Promise<Page<HookDeliveryRecord>> {
  ask(caller, 'webhooks:read')
  return deps.store.listHookDeliveries(filter)
}
