import { webhookBinding } from '#lib/core/credential/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { shownWebhook, type ShownWebhook } from '../read/list-webhooks.ts'
import type { WebhookDeps } from './create-webhook.ts'

const minuteMs = 60_000

/** A new secret; the one before is accepted until the overlap is over, so that the sender can follow. Throws `not-found`. */
export async function rotateWebhook(
  deps: WebhookDeps,
  caller: Caller,
  id: string,
  { overlapMinutes }: { overlapMinutes: number },
): Promise<{ webhook: ShownWebhook; secret: string }> {
  ask(caller, 'webhooks:write')
  const known = await deps.store.getWebhook(id)
  if (!known) throw new Fault('not-found', 'There is no such webhook.')
  const { secret } = deps.newSecret()
  const at = deps.clock.now()
  const previousUntil = at + overlapMinutes * minuteMs
  await deps.store.transaction(async (store) => {
    await store.rotateWebhook(id, deps.encrypt(secret, webhookBinding(id)), previousUntil)
    const data = { kind: known.kind, name: known.name, previousUntil }
    await store.record([{ at, kind: 'webhook.rotated', actor: caller.email, subject: id, data }])
  })
  deps.wakeups.wake('outbox')
  return { webhook: shownWebhook(deps, { ...known, previousUntil }), secret }
}
