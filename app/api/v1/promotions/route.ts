import { listPromotions as list, promote } from '#lib/api/promotions.ts'
import { listPromotions } from '#lib/operations/read/list-promotions.ts'
import { promoteApplication } from '#lib/operations/request/promote-application.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(list, ({ deps, caller, query }) => listPromotions(deps, caller, query))
export const POST = route(promote, ({ deps, caller, body }) => promoteApplication(deps, caller, body))
