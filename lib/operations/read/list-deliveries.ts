import type { DeliveryRecord, Page, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

/** What was told to whom, and whether it arrived; newest first. */
export async function listDeliveries(
  deps: { store: Pick<Store, 'listDeliveries'> },
  caller: Caller,
  filter: { channel?: string; alert?: string; after?: string; limit?: number },
): Promise<Page<DeliveryRecord>> {
  ask(caller, 'settings:read')
  return deps.store.listDeliveries(filter)
}
