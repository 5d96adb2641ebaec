import { hookProofs, type HookKind, type HookProof } from '#lib/core/webhook/index.ts'
import type { HookDeliveryRecord, Store, WebhookRecord } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

/** Without its secrets, encrypted or not. */
export interface ShownWebhook {
  id: string
  kind: HookKind
  name: string
  url: string
  proof: HookProof
  createdAt: number
  createdBy: string
  previousUntil?: number
  refused: number
  last?: HookDeliveryRecord
}

export function shownWebhook(
  { webUrl, clock }: { webUrl: string; clock: { now(): number } },
  { id, kind, name, createdAt, createdBy, refused, previousUntil, last }: WebhookRecord & { last?: HookDeliveryRecord },
): ShownWebhook {
  const isOverlapping = previousUntil !== undefined && previousUntil > clock.now()
  return {
    id,
    kind,
    name,
    url: `${webUrl}/api/webhooks/${id}`,
    proof: hookProofs[kind],
    createdAt,
    createdBy,
    refused,
    ...(isOverlapping && { previousUntil }),
    ...(last && { last }),
  }
}

export async function listWebhooks(
  deps: { store: Pick<Store, 'listWebhooks'>; webUrl: string; clock: { now(): number } },
  caller: Caller,
): Promise<{ items: ShownWebhook[] }> {
  ask(caller, 'webhooks:read')
  return { items: (await deps.store.listWebhooks()).map((record) => shownWebhook(deps, record)) }
}
