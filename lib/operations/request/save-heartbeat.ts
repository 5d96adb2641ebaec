import { channelBinding } from '#lib/core/credential/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { beatFact, heartbeatFact, type Heartbeat } from '#lib/core/notification/index.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { shownHeartbeat, type ShownHeartbeat } from '../read/get-heartbeat.ts'
import type { RequestDeps } from './run-command.ts'
import { hostOfUrl } from './save-channel.ts'
import { sealForWorker, type SealDeps } from './seal-for-worker.ts'

type Deps = RequestDeps & { wakeups: Pick<Wakeups, 'wake'> }

/** Has the worker call an address every few minutes while it is alive. Throws Fault `invalid` for what is no address. */
export async function saveHeartbeat(
  deps: Deps & SealDeps,
  caller: Caller,
  { url, everyMinutes }: { url: string; everyMinutes: number },
): Promise<ShownHeartbeat> {
  ask(caller, 'settings:write')
  const row = { id: deps.newId('hbt'), host: hostOfUrl(url) }
  const sealed = await sealForWorker(deps, url, channelBinding(row, 'url'))
  const heartbeat: Heartbeat = { ...row, everyMinutes, sealed, createdBy: caller.email }
  await deps.store.transaction(async (store) => {
    await store.setFact(heartbeatFact, heartbeat)
    await store.setFact(beatFact, undefined)
    const [at, data] = [deps.clock.now(), { host: row.host, everyMinutes }]
    await store.record([{ at, kind: 'heartbeat.saved', actor: caller.email, subject: row.host, data }])
  })
  deps.wakeups.wake('heartbeat')
  return shownHeartbeat(heartbeat, undefined)
}

/** Throws `not-found` where there is none. */
export async function removeHeartbeat(deps: RequestDeps, caller: Caller): Promise<{ removed: true }> {
  ask(caller, 'settings:write')
  const known = (await deps.store.getFact(heartbeatFact)) as Heartbeat | undefined
  if (!known) throw new Fault('not-found', 'There is no heartbeat.')
  await deps.store.transaction(async (store) => {
    await store.setFact(heartbeatFact, undefined)
    const at = deps.clock.now()
    await store.record([{ at, kind: 'heartbeat.removed', actor: caller.email, subject: known.host, data: {} }])
  })
  return { removed: true }
}
