import { checkPipeline as endpoint } from '#lib/api/pipeline.ts'
import { checkPipeline } from '#lib/operations/read/check-pipeline.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, body }) => checkPipeline(deps, caller, body.text))
