import { webhookBinding } from '#lib/core/credential/index.ts'
import type { HookKind } from '#lib/core/webhook/index.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { shownWebhook, type ShownWebhook } from '../read/list-webhooks.ts'
import type { TokenDeps } from './create-token.ts'

export interface WebhookDeps extends TokenDeps {
  /** With the web key; `binding` names the row it belongs to. */
  encrypt(text: string, binding: string): string
  webUrl: string
  wakeups: Wakeups
}

/** A webhook with a fresh secret, which is in this answer and nowhere else. */
export async function createWebhook(
  deps: WebhookDeps,
  caller: Caller,
  { kind, name }: { kind: HookKind; name: string },
): Promise<{ webhook: ShownWebhook; secret: string }> {
  ask(caller, 'webhooks:write')
  const id = deps.newId('hook')
  const { secret } = deps.newSecret()
  const createdAt = deps.clock.now()
  const encrypted = deps.encrypt(secret, webhookBinding(id))
  const record = { id, kind, name, secret: encrypted, createdAt, createdBy: caller.email }
  await deps.store.transaction(async (store) => {
    await store.createWebhook(record)
    await store.record([
      { at: createdAt, kind: 'webhook.created', actor: caller.email, subject: id, data: { kind, name } },
    ])
  })
  deps.wakeups.wake('outbox')
  return { webhook: shownWebhook(deps, { ...record, refused: 0 }), secret }
}
