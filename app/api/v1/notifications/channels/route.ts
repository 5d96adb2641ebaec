import { createChannel as create, listChannels as list } from '#lib/api/notifications.ts'
import { listChannels } from '#lib/operations/read/list-channels.ts'
import { saveChannel } from '#lib/operations/request/save-channel.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(list, ({ deps, caller }) => listChannels(deps, caller))
export const POST = route(create, ({ deps, caller, body }) => saveChannel(deps, caller, body))
