import { enablePerson as endpoint } from '#lib/api/people.ts'
import { enablePerson } from '#lib/operations/request/change-person.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params }) => enablePerson(deps, caller, params.id))
