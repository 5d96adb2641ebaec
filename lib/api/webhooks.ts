import { z } from 'zod'
import { hookKinds } from '#lib/core/webhook/index.ts'
import { endpoint } from './endpoint.ts'
import { ById, Id, Paging, Time, listOf, pageOf } from './shared.ts'

const HookKind = z.enum(hookKinds)

const Verdict = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('handled') }),
  z.object({ kind: z.literal('ignored'), because: z.string() }),
  z.object({ kind: z.literal('refused'), because: z.string() }),
])

export const HookDelivery = z.object({
  id: z.string(),
  hook: z.string(),
  /** As the sender names it. */
  delivery: z.string().optional(),
  event: z.string(),
  at: Time,
  verdict: Verdict,
  /** Bytes. */
  size: z.number(),
  durationMs: z.number(),
  /** How often it came again, and was not handled again. */
  repeats: z.number(),
  replayOf: z.string().optional(),
  replayedBy: z.string().optional(),
})
export type HookDelivery = z.infer<typeof HookDelivery>

export const Webhook = z.object({
  id: z.string(),
  kind: HookKind,
  name: z.string(),
  /** Without the secret, which belongs into the address for Docker Hub and Quay: `?token=…`. */
  url: z.string(),
  proof: z.enum(['signature', 'header', 'address']),
  createdAt: Time,
  createdBy: z.string(),
  /** The secret before the last rotation is accepted until then. */
  previousUntil: Time.optional(),
  /** Deliveries turned away since it was made. */
  refused: z.number(),
  last: HookDelivery.optional(),
})
export type Webhook = z.infer<typeof Webhook>

/** The one answer that has the secret. */
const WithSecret = z.object({ webhook: Webhook, secret: z.string() })

export const receiveHook = endpoint({
  method: 'POST',
  path: '/api/webhooks/{hook}',
  permission: 'own-hook',
  summary:
    'A delivery to a webhook: a sign to look at the branch, the registry or a promotion; nothing in it is believed',
  params: z.object({ hook: Id }),
  response: z.object({ accepted: z.literal(true), verdict: z.enum(['handled', 'ignored', 'duplicate']) }),
})

export const listWebhooks = endpoint({
  method: 'GET',
  path: '/api/v1/webhooks',
  permission: 'webhooks:read',
  summary: 'Webhooks with their last delivery, without their secrets',
  response: listOf(Webhook),
})

export const createWebhook = endpoint({
  method: 'POST',
  path: '/api/v1/webhooks',
  permission: 'webhooks:write',
  summary: 'Make a webhook; its secret is in this answer and never again',
  body: z.object({ kind: HookKind, name: z.string().trim().min(1).max(100) }),
  response: WithSecret,
})

export const rotateWebhook = endpoint({
  method: 'POST',
  path: '/api/v1/webhooks/{id}/rotate',
  permission: 'webhooks:write',
  summary: 'A new secret; the old one is accepted for as long as asked',
  params: ById,
  body: z.object({
    /** 0 = the old one is refused from now on. */
    overlapMinutes: z.number().int().min(0).max(10_080).default(1_440),
  }),
  response: WithSecret,
})

export const removeWebhook = endpoint({
  method: 'DELETE',
  path: '/api/v1/webhooks/{id}',
  permission: 'webhooks:write',
  summary: 'Remove a webhook with its deliveries',
  params: ById,
  response: z.object({ removed: z.literal(true) }),
})

export const listHookDeliveries = endpoint({
  method: 'GET',
  path: '/api/v1/webhooks/deliveries',
  permission: 'webhooks:read',
  summary: 'Deliveries, newest first',
  query: z.object({ hook: Id.optional() }).extend(Paging.shape),
  response: pageOf(HookDelivery),
})

export const HookDeliveryDetails = HookDelivery.extend({
  /** Those that say something; secrets and signatures are left out. */
  headers: z.record(z.string(), z.string()),
  /** Redacted; absent = there was none, or it was too large to keep. */
  payload: z.unknown().optional(),
})
export type HookDeliveryDetails = z.infer<typeof HookDeliveryDetails>

export const getHookDelivery = endpoint({
  method: 'GET',
  path: '/api/v1/webhooks/deliveries/{id}',
  permission: 'webhooks:read',
  summary: 'A delivery with its headers and payload',
  params: ById,
  response: HookDeliveryDetails,
})

export const replayHookDelivery = endpoint({
  method: 'POST',
  path: '/api/v1/webhooks/deliveries/{id}/replay',
  permission: 'webhooks:write',
  summary: 'Handle a delivery once more, by what stands in Git and the registry now',
  params: ById,
  body: z.undefined(),
  response: HookDelivery,
})
