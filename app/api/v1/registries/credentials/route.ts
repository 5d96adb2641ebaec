import { listRegistryCredentials as list, saveRegistryCredential as save } from '#lib/api/registries.ts'
import { listRegistryCredentials } from '#lib/operations/read/list-registry-credentials.ts'
import { saveRegistryCredential } from '#lib/operations/request/save-registry-credential.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(list, ({ deps, caller }) => listRegistryCredentials(deps, caller))
export const POST = route(save, ({ deps, caller, body }) => saveRegistryCredential(deps, caller, body))
