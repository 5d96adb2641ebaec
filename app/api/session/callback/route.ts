import { finishSignIn as endpoint } from '#lib/api/providers.ts'
import { finishWithProvider } from '#lib/server/provider-sign-in.ts'
import { rawRoute } from '#lib/server/route.ts'

export const GET = rawRoute(endpoint, finishWithProvider)
