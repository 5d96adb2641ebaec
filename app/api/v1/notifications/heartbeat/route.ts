import { getHeartbeat as get, removeHeartbeat as remove, saveHeartbeat as save } from '#lib/api/notifications.ts'
import { getHeartbeat } from '#lib/operations/read/get-heartbeat.ts'
import { removeHeartbeat, saveHeartbeat } from '#lib/operations/request/save-heartbeat.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(get, ({ deps, caller }) => getHeartbeat(deps, caller))
export const POST = route(save, ({ deps, caller, body }) => saveHeartbeat(deps, caller, body))
export const DELETE = route(remove, ({ deps, caller }) => removeHeartbeat(deps, caller))
