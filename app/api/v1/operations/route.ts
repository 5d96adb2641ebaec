import { listOperations as endpoint } from '#lib/api/operations.ts'
import { listOperations } from '#lib/operations/read/list-operations.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, query }) => listOperations(deps, caller, query))
