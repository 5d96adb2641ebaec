import { removeRegistryCredential as endpoint } from '#lib/api/registries.ts'
import { removeRegistryCredential } from '#lib/operations/request/remove-registry-credential.ts'
import { route } from '#lib/server/route.ts'

export const DELETE = route(endpoint, ({ deps, caller, params }) => removeRegistryCredential(deps, caller, params.id))
