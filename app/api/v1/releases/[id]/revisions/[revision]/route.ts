import { getRevision as endpoint } from '#lib/api/releases.ts'
import { getRevision } from '#lib/operations/read/get-revision.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params }) => getRevision(deps, caller, params.id, params.revision))
