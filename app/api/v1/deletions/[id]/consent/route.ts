import { decideDeletion as endpoint } from '#lib/api/deletions.ts'
import { decideDeletion } from '#lib/operations/request/decide-deletion.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => decideDeletion(deps, caller, params.id, body))
