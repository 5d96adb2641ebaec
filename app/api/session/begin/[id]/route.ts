import { beginSignIn as endpoint } from '#lib/api/providers.ts'
import { beginWithProvider } from '#lib/server/provider-sign-in.ts'
import { rawRoute } from '#lib/server/route.ts'

export const GET = rawRoute(endpoint, beginWithProvider)
