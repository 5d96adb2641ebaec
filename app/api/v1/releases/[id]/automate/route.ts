import { automateRelease as endpoint } from '#lib/api/release-commands.ts'
import { automateRelease } from '#lib/operations/request/automate-release.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => automateRelease(deps, caller, params.id, body))
