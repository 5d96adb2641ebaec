import { withdrawPromotion as endpoint } from '#lib/api/promotions.ts'
import { decidePromotion } from '#lib/operations/request/decide-promotion.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) =>
  decidePromotion(deps, caller, params.id, 'withdraw-promotion', body),
)
