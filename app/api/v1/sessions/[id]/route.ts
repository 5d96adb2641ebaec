import { endOneSession as endpoint } from '#lib/api/people.ts'
import { endSession } from '#lib/operations/request/end-sessions.ts'
import { route } from '#lib/server/route.ts'

export const DELETE = route(endpoint, ({ deps, caller, params }) => endSession(deps, caller, params.id))
