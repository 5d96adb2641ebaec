import { choosePassword as endpoint } from '#lib/api/session.ts'
import { rawRoute } from '#lib/server/route.ts'
import { signInWithNewPassword } from '#lib/server/sign-in.ts'

export const POST = rawRoute(endpoint, signInWithNewPassword)
