import { receiveRegistryHook } from '#lib/api/system.ts'
import { takeRegistryHook } from '#lib/server/take-registry-hook.ts'
import { rawRoute } from '#lib/server/route.ts'

export const POST = rawRoute(receiveRegistryHook, takeRegistryHook)
