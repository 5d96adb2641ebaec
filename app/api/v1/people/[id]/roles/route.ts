import { setRoles as endpoint } from '#lib/api/people.ts'
import { setRoles } from '#lib/operations/request/change-person.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => setRoles(deps, caller, params.id, body.roles))
