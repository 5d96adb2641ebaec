import { deautomateRelease as endpoint } from '#lib/api/release-commands.ts'
import { deautomateRelease } from '#lib/operations/request/deautomate-release.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) =>
  deautomateRelease(deps, caller, params.id, body),
)
