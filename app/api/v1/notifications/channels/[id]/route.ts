import { changeChannel as change, removeChannel as remove } from '#lib/api/notifications.ts'
import { removeChannel } from '#lib/operations/request/remove-channel.ts'
import { saveChannel } from '#lib/operations/request/save-channel.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(change, ({ deps, caller, params, body }) => saveChannel(deps, caller, body, params.id))
export const DELETE = route(remove, ({ deps, caller, params }) => removeChannel(deps, caller, params.id))
