import { Fault } from '#lib/core/fault/index.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { RequestDeps } from './run-command.ts'

type Deps = RequestDeps & { wakeups: Pick<Wakeups, 'wake'> }

/** Forgets a channel with its rules; what it was told stays in the log. Throws `not-found`. */
export async function removeChannel(deps: Deps, caller: Caller, id: string): Promise<{ removed: true }> {
  ask(caller, 'settings:write')
  const channel = await deps.store.getChannel(id)
  if (!channel) throw new Fault('not-found', 'There is no such channel.')
  const { name, host, config } = channel
  await deps.store.transaction(async (store) => {
    await store.removeChannel(id)
    const data = { channel: id, host, config }
    const at = deps.clock.now()
    await store.record([{ at, kind: 'notify-channel.removed', actor: caller.email, subject: name, data }])
  })
  deps.wakeups.wake('notify', id)
  return { removed: true }
}
