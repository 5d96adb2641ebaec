import { listPeople as endpoint } from '#lib/api/people.ts'
import { listPeople } from '#lib/operations/read/list-people.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => listPeople(deps, caller))
