import { getPasswordLink as endpoint } from '#lib/api/session.ts'
import { rawRoute } from '#lib/server/route.ts'
import { showPasswordLink } from '#lib/server/sign-in.ts'

export const POST = rawRoute(endpoint, showPasswordLink)
