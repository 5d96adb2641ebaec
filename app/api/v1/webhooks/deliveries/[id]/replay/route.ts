import { replayHookDelivery as endpoint } from '#lib/api/webhooks.ts'
import { replayHookDelivery } from '#lib/operations/request/replay-delivery.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params }) => replayHookDelivery(deps, caller, params.id))
