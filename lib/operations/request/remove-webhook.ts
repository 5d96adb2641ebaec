import { Fault } from '#lib/core/fault/index.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { RequestDeps } from './run-command.ts'

/** Removes a webhook: what is sent to its address is turned away from then on. Throws `not-found`. */
export async function removeWebhook(
  deps: RequestDeps & { wakeups: Wakeups },
  caller: Caller,
  id: string,
): Promise<{ removed: true }> {
  ask(caller, 'webhooks:write')
  const known = await deps.store.getWebhook(id)
  if (!known) throw new Fault('not-found', 'There is no such webhook.')
  await deps.store.transaction(async (store) => {
    await store.removeWebhook(id)
    const data = { kind: known.kind, name: known.name }
    await store.record([{ at: deps.clock.now(), kind: 'webhook.removed', actor: caller.email, subject: id, data }])
  })
  deps.wakeups.wake('outbox')
  return { removed: true }
}
