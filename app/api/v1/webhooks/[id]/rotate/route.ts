import { rotateWebhook as endpoint } from '#lib/api/webhooks.ts'
import { rotateWebhook } from '#lib/operations/request/rotate-webhook.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => rotateWebhook(deps, caller, params.id, body))
