import { listSilences as list, silenceAlerts as silence } from '#lib/api/alerts.ts'
import { listSilences } from '#lib/operations/read/list-silences.ts'
import { silenceAlerts } from '#lib/operations/request/silence-alerts.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(list, ({ deps, caller, query }) => listSilences(deps, caller, query))
export const POST = route(silence, ({ deps, caller, body }) => silenceAlerts(deps, caller, body))
