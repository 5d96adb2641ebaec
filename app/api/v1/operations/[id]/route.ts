import { getOperation as endpoint } from '#lib/api/operations.ts'
import { getOperation } from '#lib/operations/read/get-operation.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params }) => getOperation(deps, caller, params.id))
