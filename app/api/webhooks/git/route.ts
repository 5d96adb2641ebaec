import { receiveGitHook } from '#lib/api/system.ts'
import { takeGitHook } from '#lib/server/take-git-hook.ts'
import { rawRoute } from '#lib/server/route.ts'

export const POST = rawRoute(receiveGitHook, takeGitHook)
