import { Fault } from '#lib/core/fault/index.ts'
import { failure } from './respond.ts'

/** Every path under /api that no endpoint has. */
export function unknownRoute(request: Request): Response {
  const { pathname } = new URL(request.url)
  return failure(
    new Fault('not-found', `There is nothing at ${request.method} ${pathname.slice(0, 200)}.`, {
      suggestion: 'GET /api/v1/openapi.json lists what there is.',
    }),
  )
}
