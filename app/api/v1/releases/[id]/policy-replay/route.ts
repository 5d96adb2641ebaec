import { replayPolicy as endpoint } from '#lib/api/policies.ts'
import { replayPolicy } from '#lib/operations/read/replay-policy.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params, query }) => replayPolicy(deps, caller, params.id, query))
