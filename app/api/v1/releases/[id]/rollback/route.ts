import { rollbackRelease as endpoint } from '#lib/api/release-commands.ts'
import { rollbackRelease } from '#lib/operations/request/rollback-release.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => rollbackRelease(deps, caller, params.id, body))
