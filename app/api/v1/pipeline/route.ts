import { getPipeline as endpoint } from '#lib/api/pipeline.ts'
import { getPipeline } from '#lib/operations/read/get-pipeline.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => getPipeline(deps, caller))
