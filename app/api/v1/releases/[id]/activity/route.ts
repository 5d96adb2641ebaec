import { listReleaseActivity as endpoint } from '#lib/api/releases.ts'
import { listReleaseActivity } from '#lib/operations/read/list-release-activity.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params, query }) =>
  listReleaseActivity(deps, caller, params.id, query),
)
