import { listPromotions as endpoint } from '#lib/api/operations.ts'
import { listPromotions } from '#lib/operations/read/list-promotions.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ caller }) => listPromotions(caller))
