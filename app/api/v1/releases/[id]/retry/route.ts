import { retryRelease as endpoint } from '#lib/api/release-commands.ts'
import { retryRelease } from '#lib/operations/request/retry-release.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => retryRelease(deps, caller, params.id, body))
