import { makePasswordLink as endpoint } from '#lib/api/people.ts'
import { makePasswordLink } from '#lib/operations/request/invite-person.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params }) => makePasswordLink(deps, caller, params.id))
