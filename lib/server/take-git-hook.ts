import { hookBodyBytes, readBody } from './read-body.ts'
import { json } from './respond.ts'
import type { RawGiven } from './route.ts'

/** Something was pushed somewhere: look at the branch. What the body claims does not matter. */
export async function takeGitHook({ deps, request }: RawGiven): Promise<Response> {
  await readBody(request, hookBodyBytes)
  deps.wakeups.wake('fetch')
  return json({ accepted: true }, 202)
}
