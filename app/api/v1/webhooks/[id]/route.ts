import { removeWebhook as endpoint } from '#lib/api/webhooks.ts'
import { removeWebhook } from '#lib/operations/request/remove-webhook.ts'
import { route } from '#lib/server/route.ts'

export const DELETE = route(endpoint, ({ deps, caller, params }) => removeWebhook(deps, caller, params.id))
