import { streamEvents } from '#lib/api/system.ts'
import { guard } from './guard.ts'
import { parseInput } from './parse-input.ts'
import { apiHeaders, isFault } from './respond.ts'
import type { RawGiven } from './route.ts'

/** Server-sent events from where the client left off: `Last-Event-ID`, else `?after=`, else now. */
export async function openEventStream({ deps, request, params }: RawGiven): Promise<Response> {
  const { query } = await parseInput(streamEvents, request, params)
  const last = request.headers.get('last-event-id')
  const after = last !== null && /^\d{1,15}$/.test(last) ? Number(last) : query.after
  const mayStay = () =>
    guard(deps, streamEvents, request).then(
      () => true,
      (error: unknown) => !(isFault(error) && (error.code === 'unauthenticated' || error.code === 'forbidden')),
    )
  return new Response(await deps.live.open(after, mayStay), {
    headers: {
      ...apiHeaders,
      'cache-control': 'no-store, no-transform',
      'content-type': 'text/event-stream; charset=utf-8',
      // Asks a buffering proxy (nginx) to pass events on at once.
      'x-accel-buffering': 'no',
    },
  })
}
