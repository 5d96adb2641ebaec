import { listRevisions as endpoint } from '#lib/api/releases.ts'
import { listRevisions } from '#lib/operations/read/list-revisions.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params, query }) => listRevisions(deps, caller, params.id, query))
