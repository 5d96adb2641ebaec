import { reportCheck as endpoint } from '#lib/api/checks.ts'
import { reportCheck } from '#lib/operations/request/report-check.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => reportCheck(deps, caller, params.id, body))
