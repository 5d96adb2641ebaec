import { invitePerson as inviteEndpoint, listPeople as endpoint } from '#lib/api/people.ts'
import { listPeople } from '#lib/operations/read/list-people.ts'
import { invitePerson } from '#lib/operations/request/invite-person.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => listPeople(deps, caller))
export const POST = route(inviteEndpoint, ({ deps, caller, body }) => invitePerson(deps, caller, body))
