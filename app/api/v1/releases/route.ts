import { listReleases as endpoint } from '#lib/api/releases.ts'
import { listReleases } from '#lib/operations/read/list-releases.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, query }) => listReleases(deps, caller, query))
