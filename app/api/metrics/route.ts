import { getMetrics } from '#lib/api/system.ts'
import { rawRoute } from '#lib/server/route.ts'
import { serveMetrics } from '#lib/server/serve-metrics.ts'

export const GET = rawRoute(getMetrics, serveMetrics)
