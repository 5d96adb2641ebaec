import { Fault } from '#lib/core/fault/index.ts'
import type { AlertRecord } from '#lib/ports/store/index.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { RequestDeps } from './run-command.ts'

type Deps = RequestDeps & { wakeups: Pick<Wakeups, 'wake'> }

/** Says that somebody looks after an incident. Throws `not-found`, and `conflict` for one that is over. */
export async function acknowledgeAlert(deps: Deps, caller: Caller, id: string): Promise<AlertRecord> {
  ask(caller, 'alerts:write')
  const at = deps.clock.now()
  const alert = await deps.store.transaction(async (store) => {
    const known = await store.getAlert(id)
    if (!known) throw new Fault('not-found', 'There is no such alert.')
    if (!(await store.acknowledgeAlert(id, caller.email, at))) {
      const now = await store.getAlert(id)
      if (now?.recoveredAt !== undefined) throw new Fault('conflict', 'This incident is over.')
      return now ?? known
    }
    const { release, environment, key, title } = known
    const data = { alert: id, condition: known.kind }
    const subject = release ?? key.trim()
    await store.record([
      { at, kind: 'alert.acknowledged', actor: caller.email, subject, environment, release, reason: title, data },
    ])
    return (await store.getAlert(id)) ?? known
  })
  deps.wakeups.wake('notify')
  return alert
}
