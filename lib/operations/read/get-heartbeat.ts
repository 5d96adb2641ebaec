import { beatFact, heartbeatFact, type Beat, type Heartbeat } from '#lib/core/notification/index.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

/** Without its address. */
export interface ShownHeartbeat {
  heartbeat?: Omit<Heartbeat, 'sealed' | 'id'> & { last?: Beat }
}

export function shownHeartbeat(heartbeat: Heartbeat | undefined, last: Beat | undefined): ShownHeartbeat {
  if (!heartbeat) return {}
  const { host, everyMinutes, createdBy } = heartbeat
  return { heartbeat: { host, everyMinutes, createdBy, last } }
}

export async function getHeartbeat(
  { store }: { store: Pick<Store, 'getFact'> },
  caller: Caller,
): Promise<ShownHeartbeat> {
  ask(caller, 'settings:read')
  const [heartbeat, last] = await Promise.all([store.getFact(heartbeatFact), store.getFact(beatFact)])
  return shownHeartbeat((heartbeat ?? undefined) as Heartbeat | undefined, (last ?? undefined) as Beat | undefined)
}
