import { Fault } from '#lib/core/fault/index.ts'
import type { HookDeliveryRecord } from '#lib/ports/store/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { RequestDeps } from './run-command.ts'
import { takeDelivery, type DeliveryDeps } from './take-delivery.ts'

/**
 * Handles a delivery once more, as one of its own: by what is followed and watched now. Throws `not-found`, and `conflict`
 * for one that was refused, of which nothing was read.
 */
export async function replayHookDelivery(
  deps: RequestDeps & DeliveryDeps,
  caller: Caller,
  id: string,
): Promise<HookDeliveryRecord> {
  ask(caller, 'webhooks:write')
  const found = await deps.store.getHookDelivery(id)
  if (!found) throw new Fault('not-found', 'There is no such delivery (any more).')
  if (!found.told)
    throw new Fault('conflict', 'It was refused: nobody knows whether it came from where it says.', {
      suggestion: 'Have the sender deliver it again, with the secret of this webhook.',
    })
  const { payload, told, hook, event, size, headers } = found
  const at = deps.clock.now()
  const replay = { id: deps.newId('dlv'), hook, event, at, size, headers, durationMs: 0, replayOf: id }
  const data = { hook, event, replay: replay.id }
  await deps.store.record([{ at, kind: 'webhook.replayed', actor: caller.email, subject: id, data }])
  const decision = await takeDelivery(deps, { ...replay, told, replayedBy: caller.email }, payload)
  return { ...replay, replayedBy: caller.email, repeats: 0, verdict: decision?.verdict ?? found.verdict }
}
