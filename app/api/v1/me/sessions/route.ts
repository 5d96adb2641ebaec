import { endOtherSessions as endEndpoint, listOwnSessions as endpoint } from '#lib/api/people.ts'
import { listOwnSessions } from '#lib/operations/read/list-sessions.ts'
import { endOtherSessions } from '#lib/operations/request/end-sessions.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => listOwnSessions(deps, caller))
export const DELETE = route(endEndpoint, ({ deps, caller }) => endOtherSessions(deps, caller))
