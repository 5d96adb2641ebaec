import { getPromotion as endpoint } from '#lib/api/promotions.ts'
import { getPromotion } from '#lib/operations/read/get-promotion.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params }) => getPromotion(deps, caller, params.id))
