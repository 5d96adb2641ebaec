import { listAlerts as endpoint } from '#lib/api/alerts.ts'
import { listAlerts } from '#lib/operations/read/list-alerts.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, query }) => listAlerts(deps, caller, query))
