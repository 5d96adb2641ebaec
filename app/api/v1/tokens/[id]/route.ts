import { revokeToken as endpoint } from '#lib/api/tokens.ts'
import { revokeToken } from '#lib/operations/request/revoke-token.ts'
import { route } from '#lib/server/route.ts'

export const DELETE = route(endpoint, ({ deps, caller, params }) => revokeToken(deps, caller, params.id))
