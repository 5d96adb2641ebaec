import { changePassword as endpoint } from '#lib/api/me.ts'
import { changePassword } from '#lib/operations/request/change-password.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, body }) => changePassword(deps, caller, body))
