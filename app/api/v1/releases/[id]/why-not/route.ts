import { whyNot as endpoint } from '#lib/api/releases.ts'
import { explainTag } from '#lib/operations/read/why-not.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, params, query }) => explainTag(deps, caller, params.id, query))
