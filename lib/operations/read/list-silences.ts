import type { SilenceRecord, Store } from '#lib/ports/store/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

/** Newest first; those in force alone unless `all`. */
export async function listSilences(
  deps: { store: Pick<Store, 'listSilences'>; clock: Clock },
  caller: Caller,
  { all, limit = 200 }: { all?: boolean; limit?: number },
): Promise<{ items: SilenceRecord[] }> {
  ask(caller, 'alerts:read')
  return { items: await deps.store.listSilences({ inForceAt: all ? undefined : deps.clock.now(), limit }) }
}
