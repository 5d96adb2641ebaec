import { Fault } from '#lib/core/fault/index.ts'
import type { HookDeliveryRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

/** Throws `not-found`. */
export async function getHookDelivery(
  deps: { store: Pick<Store, 'getHookDelivery'> },
  caller: Caller,
  id: string,
): Promise<HookDeliveryRecord & { payload?: unknown }> {
  ask(caller, 'webhooks:read')
  const found = await deps.store.getHookDelivery(id)
  if (!found) throw new Fault('not-found', 'There is no such delivery (any more).')
  const { payload, ...delivery } = found
  return payload === undefined ? delivery : { ...delivery, payload: JSON.parse(payload) as unknown }
}
