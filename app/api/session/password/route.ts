import { createPasswordSession as endpoint } from '#lib/api/session.ts'
import { rawRoute } from '#lib/server/route.ts'
import { signInWithPassword } from '#lib/server/sign-in.ts'

export const POST = rawRoute(endpoint, signInWithPassword)
