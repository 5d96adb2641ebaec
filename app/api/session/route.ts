import { createSession, endSession } from '#lib/api/session.ts'
import { rawRoute } from '#lib/server/route.ts'
import { signIn } from '#lib/server/sign-in.ts'
import { signOut } from '#lib/server/sign-out.ts'

export const POST = rawRoute(createSession, signIn)
export const DELETE = rawRoute(endSession, signOut)
