import { listReleaseImages as endpoint } from '#lib/api/releases.ts'
import { listReleaseImages } from '#lib/operations/read/list-release-images.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params, query }) =>
  listReleaseImages(deps, caller, params.id, query),
)
