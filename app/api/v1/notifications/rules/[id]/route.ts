import { removeRule as endpoint } from '#lib/api/notifications.ts'
import { removeRule } from '#lib/operations/request/save-rule.ts'
import { route } from '#lib/server/route.ts'

export const DELETE = route(endpoint, ({ deps, caller, params }) => removeRule(deps, caller, params.id))
