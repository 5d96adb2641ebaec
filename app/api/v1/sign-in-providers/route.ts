import { listProviders as endpoint, saveProvider as saveEndpoint } from '#lib/api/providers.ts'
import { listProviders } from '#lib/operations/read/list-providers.ts'
import { saveProvider } from '#lib/operations/request/save-provider.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => listProviders(deps, caller))
export const POST = route(saveEndpoint, ({ deps, caller, body }) => saveProvider(deps, caller, body))
