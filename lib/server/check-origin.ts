import { Fault } from '#lib/core/fault/index.ts'
import { bearerOf } from './authenticate.ts'
import type { WebDeps } from './web-deps.ts'

/**
 * A write that a cookie could authorise has to come from our own pages: `Origin` names this host or the configured address.
 * A bearer token is never sent by a browser on its own, so it needs none. Throws `forbidden`.
 */
export function checkOrigin(deps: Pick<WebDeps, 'webUrl'>, request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD' || bearerOf(request)) return
  const origin = request.headers.get('origin')
  if (origin && URL.canParse(origin)) {
    const { host, origin: normal } = new URL(origin)
    if (host === request.headers.get('host') || normal === new URL(deps.webUrl).origin) return
  }
  throw new Fault('forbidden', 'This request did not come from a page of Wheelhouse.', {
    suggestion: 'Open the dashboard under its own address, or use an API token.',
  })
}
