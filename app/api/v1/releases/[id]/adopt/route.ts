import { adoptRelease as endpoint } from '#lib/api/release-commands.ts'
import { adoptRelease } from '#lib/operations/request/adopt-release.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => adoptRelease(deps, caller, params.id, body))
