import { removePerson as endpoint } from '#lib/api/people.ts'
import { removePerson } from '#lib/operations/request/change-person.ts'
import { route } from '#lib/server/route.ts'

export const DELETE = route(endpoint, ({ deps, caller, params }) => removePerson(deps, caller, params.id))
