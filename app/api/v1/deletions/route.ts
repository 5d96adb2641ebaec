import { listDeletions as endpoint } from '#lib/api/deletions.ts'
import { listDeletions } from '#lib/operations/read/list-deletions.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, query }) => listDeletions(deps, caller, query))
