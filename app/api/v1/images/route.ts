import { listImages as endpoint } from '#lib/api/images.ts'
import { listImages } from '#lib/operations/read/list-images.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => listImages(deps, caller))
