import { compareLive as endpoint } from '#lib/api/releases.ts'
import { compareLive } from '#lib/operations/request/compare-live.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params }) => compareLive(deps, caller, params))
