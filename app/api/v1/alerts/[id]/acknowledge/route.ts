import { acknowledgeAlert as endpoint } from '#lib/api/alerts.ts'
import { acknowledgeAlert } from '#lib/operations/request/acknowledge-alert.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params }) => acknowledgeAlert(deps, caller, params.id))
