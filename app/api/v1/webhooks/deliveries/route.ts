import { listHookDeliveries as endpoint } from '#lib/api/webhooks.ts'
import { listHookDeliveries } from '#lib/operations/read/list-hook-deliveries.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, query }) => listHookDeliveries(deps, caller, query))
