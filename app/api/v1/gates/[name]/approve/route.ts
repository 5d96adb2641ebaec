import { approveGates as endpoint } from '#lib/api/gates.ts'
import { approveGates } from '#lib/operations/request/approve-gates.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => approveGates(deps, caller, params.name, body))
