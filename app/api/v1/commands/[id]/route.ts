import { getCommand as endpoint } from '#lib/api/operations.ts'
import { getCommand } from '#lib/operations/read/get-command.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params }) => getCommand(deps, caller, params.id))
