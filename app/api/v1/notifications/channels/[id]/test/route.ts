import { testChannel as endpoint } from '#lib/api/notifications.ts'
import { testChannel } from '#lib/operations/request/test-channel.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params }) => testChannel(deps, caller, params.id))
