import { hookBodyBytes, readBody } from './read-body.ts'
import { json } from './respond.ts'
import type { RawGiven } from './route.ts'

/** Something was pushed, merged or closed somewhere: look at all of it. What the body claims does not matter. */
export async function takeGitHook({ deps, request }: RawGiven): Promise<Response> {
  await readBody(request, hookBodyBytes)
  deps.wakeups.wake('fetch')
  deps.wakeups.wake('propose')
  return json({ accepted: true }, 202)
}
