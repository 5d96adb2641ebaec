import { scanImage as endpoint } from '#lib/api/images.ts'
import { scanImage } from '#lib/operations/request/scan-image.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, body }) => scanImage(deps, caller, body))
