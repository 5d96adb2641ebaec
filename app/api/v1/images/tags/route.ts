import { listImageTags as endpoint } from '#lib/api/images.ts'
import { listImageTags } from '#lib/operations/read/list-image-tags.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, query }) => listImageTags(deps, caller, query))
