import { getSettings as endpoint } from '#lib/api/settings.ts'
import { getSettings } from '#lib/operations/read/get-settings.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => getSettings(deps, caller))
