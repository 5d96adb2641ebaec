import { getOpenApi } from '#lib/api/system.ts'
import { describeApi } from '#lib/server/describe-api.ts'
import { rawRoute } from '#lib/server/route.ts'

export const GET = rawRoute(getOpenApi, describeApi)
