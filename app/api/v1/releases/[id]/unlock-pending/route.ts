import { unlockPending as endpoint } from '#lib/api/release-commands.ts'
import { unlockPending } from '#lib/operations/request/unlock-pending.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => unlockPending(deps, caller, params.id, body))
