import { endSilence as endpoint } from '#lib/api/alerts.ts'
import { endSilence } from '#lib/operations/request/silence-alerts.ts'
import { route } from '#lib/server/route.ts'

export const DELETE = route(endpoint, ({ deps, caller, params }) => endSilence(deps, caller, params.id))
