/** A call to a host that other people run. */
export interface OutboundCall {
  url: URL
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT'
  body?: Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
  /** Goes to the origin of `url` alone, never along with a redirect to another one. */
  authorization?: string
  /** Milliseconds until the whole answer is there. */
  timeoutMs: number
  /** Bytes of the answer after decompression. */
  maxBytes: number
  /** Plain HTTP is allowed. */
  insecure?: boolean
  signal?: AbortSignal
  fetch?: typeof fetch
}

export interface OutboundAnswer {
  status: number
  headers: Headers
  /** Where the answer came from, after redirects. */
  url: URL
  body: Buffer
}

/** Why there is no answer. Messages carry a host at most, no path and no query: those may hold signatures. */
export class OutboundFailure extends Error {
  readonly reason: 'network' | 'timeout' | 'aborted' | 'too-large' | 'redirect' | 'insecure' | 'inside'

  constructor(reason: OutboundFailure['reason'], message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'OutboundFailure'
    this.reason = reason
  }
}

const maxRedirects = 5

/** One request and its whole answer, whatever the status. Throws OutboundFailure. */
export async function callOutside(call: OutboundCall): Promise<OutboundAnswer> {
  return openOutside(call, async (response, url) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of cappedBody(response, call.maxBytes)) chunks.push(chunk)
    return { status: response.status, headers: response.headers, url, body: Buffer.concat(chunks) }
  })
}

/** Follows redirects and hands over the open answer; it is closed once `use` is done. Throws OutboundFailure. */
export async function openOutside<T>(
  call: OutboundCall,
  use: (response: Response, url: URL) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(call.timeoutMs)
  const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout
  let url = call.url
  try {
    for (let hops = 0; ; hops += 1) {
      if (url.protocol !== 'https:' && !(url.protocol === 'http:' && call.insecure)) {
        throw new OutboundFailure('insecure', `${url.host} would be asked without encryption`)
      }
      const response = await (call.fetch ?? fetch)(url, {
        method: call.method ?? 'GET',
        body: call.body,
        headers: headersFor(call, url),
        redirect: 'manual',
        signal,
      })
      const location = [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('location') : null
      if (location === null) {
        try {
          return await use(response, url)
        } finally {
          if (response.body && !response.bodyUsed) await response.body.cancel()
        }
      }
      await response.body?.cancel()
      if (hops === maxRedirects) throw new OutboundFailure('redirect', `${call.url.host} redirects too often`)
      url = redirected(call.url, url, location)
    }
  } catch (error) {
    throw asFailure(error, call, timeout)
  }
}

function headersFor(call: OutboundCall, url: URL): Record<string, string> {
  const headers = { ...call.headers }
  if (call.authorization !== undefined && url.origin === call.url.origin) headers['authorization'] = call.authorization
  return headers
}

function redirected(first: URL, from: URL, location: string): URL {
  if (!URL.canParse(location, from)) throw new OutboundFailure('redirect', `${from.host} redirects to no address`)
  const to = new URL(location, from)
  to.username = ''
  to.password = ''
  if (isOnlyReachableFromHere(to.hostname) && to.hostname !== first.hostname) {
    throw new OutboundFailure('redirect', `${from.host} redirects to an address of this machine`)
  }
  return to
}

/** Loopback and link-local (where clouds keep machine credentials): a stranger has no reason to send us there. */
function isOnlyReachableFromHere(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127\..*|0\.0\.0\.0|169\.254\..*|\[::1?\]|\[fe80:.*\]|\[::ffff:.*\])$/i.test(
    hostname,
  )
}

/** The body, and a failure as soon as it is larger than allowed. */
export async function* cappedBody(response: Response, maxBytes: number): AsyncGenerator<Uint8Array> {
  const announced = Number(response.headers.get('content-length') ?? 0)
  if (announced > maxBytes) throw new OutboundFailure('too-large', `the answer is larger than ${maxBytes} bytes`)
  let bytes = 0
  if (!response.body) return
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new OutboundFailure('too-large', `the answer is larger than ${maxBytes} bytes`)
    yield chunk
  }
}

function asFailure(error: unknown, call: OutboundCall, timeout: AbortSignal): unknown {
  if (error instanceof OutboundFailure) return error
  const host = call.url.host
  if (timeout.aborted) return new OutboundFailure('timeout', `${host} did not answer within ${call.timeoutMs / 1000} s`)
  if (call.signal?.aborted) return new OutboundFailure('aborted', `the call to ${host} was given up`, error)
  if (!(error instanceof TypeError)) return error
  const cause = error.cause instanceof Error ? error.cause : error
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
  return new OutboundFailure('network', `${host} cannot be reached (${code})`, error)
}
