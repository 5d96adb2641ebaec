import { changeRule as change, removeRule as remove } from '#lib/api/notifications.ts'
import { removeRule, saveRule } from '#lib/operations/request/save-rule.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(change, ({ deps, caller, params, body }) => saveRule(deps, caller, body, params.id))
export const DELETE = route(remove, ({ deps, caller, params }) => removeRule(deps, caller, params.id))
