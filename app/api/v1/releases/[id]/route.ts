import { getRelease as endpoint } from '#lib/api/releases.ts'
import { getRelease } from '#lib/operations/read/get-release.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params }) => getRelease(deps, caller, params.id))
