import { diffRevisions as endpoint } from '#lib/api/releases.ts'
import { diffRevisions } from '#lib/operations/read/diff-revisions.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params, query }) => diffRevisions(deps, caller, params.id, query))
