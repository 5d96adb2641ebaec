import { releaseTag as endpoint } from '#lib/api/release-commands.ts'
import { releaseTag } from '#lib/operations/request/release-tag.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) => releaseTag(deps, caller, params.id, body))
