import { readDelivery } from '#lib/core/webhook/index.ts'
import { hookBodyBytes, readBody } from './read-body.ts'
import { json } from './respond.ts'
import type { RawGiven } from './route.ts'

/**
 * Something was pushed, merged or closed somewhere: look at all of it. What the body claims does not matter. Where GitHub says
 * that it is about a check, those look who may have waited for it.
 */
export async function takeGitHook({ deps, request }: RawGiven): Promise<Response> {
  await readBody(request, hookBodyBytes)
  const event = request.headers.get('x-github-event')
  const isProgress = event !== null && readDelivery('github', event, undefined).told.kind === 'progress'
  for (const topic of isProgress ? (['promote'] as const) : (['fetch', 'propose'] as const)) deps.wakeups.wake(topic)
  return json({ accepted: true }, 202)
}
