import { listHostKeys as list, pinHostKey as pin } from '#lib/api/repository-access.ts'
import { listHostKeys } from '#lib/operations/read/list-host-keys.ts'
import { pinHostKey } from '#lib/operations/request/change-host-keys.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(list, ({ deps, caller }) => listHostKeys(deps, caller))
export const POST = route(pin, ({ deps, caller, body }) => pinHostKey(deps, caller, body))
