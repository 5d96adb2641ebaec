import { previewRule as endpoint } from '#lib/api/notifications.ts'
import { previewRule } from '#lib/operations/read/preview-rule.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, body }) => previewRule(deps, caller, body))
