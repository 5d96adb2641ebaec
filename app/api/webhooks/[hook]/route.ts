import { receiveHook } from '#lib/api/webhooks.ts'
import { takeHook } from '#lib/server/take-hook.ts'
import { rawRoute } from '#lib/server/route.ts'

export const POST = rawRoute(receiveHook, takeHook)
