import { getMe as endpoint } from '#lib/api/people.ts'
import { getMe } from '#lib/operations/read/get-me.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ caller }) => getMe(caller))
