import { sessionLife } from '#lib/core/access/index.ts'
import type { WebDeps } from './web-deps.ts'

/** The `__Host-` prefix binds the cookie to TLS and this host; on plain HTTP (loopback) browsers refuse it. */
export function cookieName(deps: Pick<WebDeps, 'webUrl'>): string {
  return deps.webUrl.startsWith('https:') ? '__Host-wheelhouse' : 'wheelhouse'
}

/** Value for `Set-Cookie`; an empty secret ends it. */
export function sessionCookie(deps: Pick<WebDeps, 'webUrl'>, secret: string): string {
  const secure = deps.webUrl.startsWith('https:') ? '; Secure' : ''
  const age = secret === '' ? 0 : Math.floor(sessionLife.longestMs / 1000)
  return `${cookieName(deps)}=${secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure}`
}

export function readCookie(request: Request, name: string): string | undefined {
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name && value) return value
  }
  return undefined
}
