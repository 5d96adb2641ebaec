import { createWebhook as create, listWebhooks as list } from '#lib/api/webhooks.ts'
import { listWebhooks } from '#lib/operations/read/list-webhooks.ts'
import { createWebhook } from '#lib/operations/request/create-webhook.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(list, ({ deps, caller }) => listWebhooks(deps, caller))
export const POST = route(create, ({ deps, caller, body }) => createWebhook(deps, caller, body))
