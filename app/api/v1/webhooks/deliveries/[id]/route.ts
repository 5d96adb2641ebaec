import { getHookDelivery as endpoint } from '#lib/api/webhooks.ts'
import { getHookDelivery } from '#lib/operations/read/get-hook-delivery.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params }) => getHookDelivery(deps, caller, params.id))
