import { getReadiness } from '#lib/api/system.ts'
import { checkReadiness } from '#lib/server/check-readiness.ts'
import { rawRoute } from '#lib/server/route.ts'

export const GET = rawRoute(getReadiness, checkReadiness)
