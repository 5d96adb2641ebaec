import { liftHold as endpoint } from '#lib/api/release-commands.ts'
import { unlockRelease } from '#lib/operations/request/unlock-release.ts'
import { route } from '#lib/server/route.ts'

export const DELETE = route(endpoint, ({ deps, caller, params }) => unlockRelease(deps, caller, params.id, {}))
