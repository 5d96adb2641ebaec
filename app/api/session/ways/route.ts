import { listWays as endpoint } from '#lib/api/providers.ts'
import { showWays } from '#lib/server/provider-sign-in.ts'
import { rawRoute } from '#lib/server/route.ts'

export const GET = rawRoute(endpoint, showWays)
