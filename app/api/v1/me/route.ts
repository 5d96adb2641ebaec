import { getMe as endpoint, renameSelf as renameEndpoint } from '#lib/api/me.ts'
import { getMe } from '#lib/operations/read/get-me.ts'
import { renameSelf } from '#lib/operations/request/rename-self.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => getMe(deps, caller))
export const POST = route(renameEndpoint, ({ deps, caller, body }) => renameSelf(deps, caller, body.name))
