import { setPolicy as endpoint } from '#lib/api/release-commands.ts'
import { setPolicy } from '#lib/operations/request/set-policy.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => setPolicy(deps, caller, params.id, body))
