import { removeProvider as endpoint } from '#lib/api/providers.ts'
import { removeProvider } from '#lib/operations/request/save-provider.ts'
import { route } from '#lib/server/route.ts'

export const DELETE = route(endpoint, ({ deps, caller, params }) => removeProvider(deps, caller, params.id))
