import { lockRelease as endpoint } from '#lib/api/release-commands.ts'
import { lockRelease } from '#lib/operations/request/lock-release.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => lockRelease(deps, caller, params.id, body))
