import { disablePerson as endpoint } from '#lib/api/people.ts'
import { disablePerson } from '#lib/operations/request/change-person.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params }) => disablePerson(deps, caller, params.id))
