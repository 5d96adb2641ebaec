import { listTokens as listTokensEndpoint, createToken as createTokenEndpoint } from '#lib/api/tokens.ts'
import { listTokens } from '#lib/operations/read/list-tokens.ts'
import { createToken } from '#lib/operations/request/create-token.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(listTokensEndpoint, ({ deps, caller }) => listTokens(deps, caller))
export const POST = route(createTokenEndpoint, ({ deps, caller, body }) => createToken(deps, caller, body))
