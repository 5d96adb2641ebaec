import { getCheckpoint as endpoint } from '#lib/api/audit.ts'
import { getCheckpoint } from '#lib/operations/read/get-checkpoint.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => getCheckpoint(deps, caller))
