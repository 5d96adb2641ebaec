import { promoteMany as endpoint } from '#lib/api/promotions.ts'
import { promoteMany } from '#lib/operations/request/promote-many.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, body }) => promoteMany(deps, caller, body))
