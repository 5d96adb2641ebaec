import { beginSignIn as beginEndpoint } from '#lib/api/providers.ts'
import type { SignInRefusal } from '#lib/core/access/index.ts'
import { listWays } from '#lib/operations/read/list-providers.ts'
import { beginSignIn, pendingMs } from '#lib/operations/request/begin-sign-in.ts'
import { finishSignIn } from '#lib/operations/request/finish-sign-in.ts'
import { parseInput } from './parse-input.ts'
import { clientOf } from './peer.ts'
import { apiHeaders, json } from './respond.ts'
import type { RawGiven } from './route.ts'
import { cookieName, readCookie, sessionCookie } from './session-cookie.ts'

export async function showWays({ deps }: RawGiven): Promise<Response> {
  return json(await listWays(deps))
}

/** Off to the provider, with a cookie that knows what for. */
export async function beginWithProvider({ deps, request, params }: RawGiven): Promise<Response> {
  const input = await parseInput(beginEndpoint, request, params)
  const begun = await beginSignIn(deps, input.params.id, input.query.next)
  if (begun.kind === 'refused') {
    // Anybody may ask for this: the log has an end, the audit trail has none.
    const { because, detail } = begun
    deps.log.warn('a sign-in could not begin', { provider: input.params.id, because, detail })
    return backToSignIn(because)
  }
  return redirect(begun.url, [pendingCookie(deps, begun.cookie)])
}

/**
 * Back from the provider: a GET from another site, protected by the state in our cookie. The session's cookie is set here,
 * and the pending one taken away whatever happened.
 */
export async function finishWithProvider({ deps, request }: RawGiven): Promise<Response> {
  const kept = readCookie(request, pendingName(deps))
  const done = await finishSignIn(deps, kept, new URL(request.url).searchParams, clientOf(request))
  const spent = pendingCookie(deps, '')
  if (done.kind === 'refused') return backToSignIn(done.because, [spent])
  return redirect(done.next, [spent, sessionCookie(deps, done.opened.secret)])
}

const backToSignIn = (because: SignInRefusal, cookies: readonly string[] = []): Response =>
  redirect(`/sign-in?refused=${because}`, cookies)

function redirect(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ ...apiHeaders, location })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 302, headers })
}

const pendingName = (deps: RawGiven['deps']): string => `${cookieName(deps)}-pending`

function pendingCookie(deps: RawGiven['deps'], value: string): string {
  const secure = deps.webUrl.startsWith('https:') ? '; Secure' : ''
  const age = value === '' ? 0 : pendingMs / 1000
  return `${pendingName(deps)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure}`
}
