import { endSessionsOf as endEndpoint, listSessionsOf as endpoint } from '#lib/api/people.ts'
import { listSessionsOf } from '#lib/operations/read/list-sessions.ts'
import { endSessionsOf } from '#lib/operations/request/end-sessions.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params }) => listSessionsOf(deps, caller, params.id))
export const DELETE = route(endEndpoint, ({ deps, caller, params }) => endSessionsOf(deps, caller, params.id))
