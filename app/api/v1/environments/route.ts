import { getMatrix as endpoint } from '#lib/api/environments.ts'
import { getMatrix } from '#lib/operations/read/get-matrix.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => getMatrix(deps, caller))
