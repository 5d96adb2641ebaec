import { forgetHostKey as endpoint } from '#lib/api/repository-access.ts'
import { forgetHostKey } from '#lib/operations/request/change-host-keys.ts'
import { route } from '#lib/server/route.ts'

export const DELETE = route(endpoint, ({ deps, caller, params }) => forgetHostKey(deps, caller, params.id))
