import { listDeliveries as endpoint } from '#lib/api/notifications.ts'
import { listDeliveries } from '#lib/operations/read/list-deliveries.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, query }) => listDeliveries(deps, caller, query))
