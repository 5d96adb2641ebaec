import { streamEvents } from '#lib/api/system.ts'
import { openEventStream } from '#lib/server/open-event-stream.ts'
import { rawRoute } from '#lib/server/route.ts'

export const GET = rawRoute(streamEvents, openEventStream)
