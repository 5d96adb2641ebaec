import { getPipelineFile as getEndpoint, writePipelineFile as putEndpoint } from '#lib/api/pipeline.ts'
import { getPipelineFile } from '#lib/operations/read/get-pipeline-file.ts'
import { writePipelineFile } from '#lib/operations/request/write-pipeline-file.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(getEndpoint, ({ deps, caller }) => getPipelineFile(deps, caller))
export const PUT = route(putEndpoint, ({ deps, caller, body }) => writePipelineFile(deps, caller, body))
