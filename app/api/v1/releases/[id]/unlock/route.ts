import { unlockRelease as endpoint } from '#lib/api/release-commands.ts'
import { unlockRelease } from '#lib/operations/request/unlock-release.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => unlockRelease(deps, caller, params.id, body))
