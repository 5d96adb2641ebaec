import { createRule as create, listRules as list } from '#lib/api/notifications.ts'
import { listRules } from '#lib/operations/read/list-channels.ts'
import { saveRule } from '#lib/operations/request/save-rule.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(list, ({ deps, caller }) => listRules(deps, caller))
export const POST = route(create, ({ deps, caller, body }) => saveRule(deps, caller, body))
