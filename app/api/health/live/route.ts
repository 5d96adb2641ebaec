import { getLiveness } from '#lib/api/system.ts'
import { json } from '#lib/server/respond.ts'
import { rawRoute } from '#lib/server/route.ts'

export const GET = rawRoute(getLiveness, () => Promise.resolve(json({ status: 'ok' })))
