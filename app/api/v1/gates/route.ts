import { listGates as endpoint } from '#lib/api/gates.ts'
import { listGates } from '#lib/operations/read/list-gates.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => listGates(deps, caller))
