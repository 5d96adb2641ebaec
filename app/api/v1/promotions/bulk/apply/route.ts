import { applyMany as endpoint } from '#lib/api/promotions.ts'
import { applyMany } from '#lib/operations/request/promote-many.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, body }) => applyMany(deps, caller, body))
