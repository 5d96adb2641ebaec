import { changeConnection as change, getConnection as get, removeConnection as remove } from '#lib/api/connection.ts'
import { getConnection } from '#lib/operations/read/get-connection.ts'
import { changeConnection, removeConnection } from '#lib/operations/request/change-connection.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(get, ({ deps, caller }) => getConnection(deps, caller))
export const PUT = route(change, ({ deps, caller, body }) => changeConnection(deps, caller, body))
export const DELETE = route(remove, ({ deps, caller }) => removeConnection(deps, caller))
