import http from 'node:http'
import https from 'node:https'
import { Fault } from '#lib/core/fault/index.ts'
import { faultFromNetwork, faultFromStatus, parseApiStatus } from './api-fault.ts'
import type { Connection } from './agents.ts'
import type { ConnectionSource } from './connection.ts'
import type { Waker } from './waker.ts'

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** From the root of the API, every segment already encoded. */
  path: string
  query?: Record<string, string | number | undefined>
  accept?: string
  contentType?: string
  body?: string
  /** Milliseconds until the whole answer (of a stream: until its headers) must be there. */
  timeoutMs?: number
  signal?: AbortSignal
}

/** Plain requests to one API server. Every failure is a Fault; see `api-fault.ts` for which. */
export interface Transport {
  json(request: ApiRequest): Promise<unknown>
  /** Resolves with the open answer when its status is 2xx. */
  stream(request: ApiRequest): Promise<http.IncomingMessage>
  /** Woken when the server answers again after it did not, or the kubeconfig changed. */
  recovered: Waker
  /** An open stream broke off: from now on the next answer counts as a recovery. */
  lost(): void
  close(): void
}

const maxAnswerBytes = 256 * 1024 * 1024
const defaultTimeoutMs = 30_000

export function createTransport(source: ConnectionSource, recovered: Waker): Transport {
  let reachable = true

  const send = async (request: ApiRequest, pool: 'requestAgent' | 'watchAgent'): Promise<Exchange> => {
    try {
      const connection = await source.current()
      const headers = await connection.headers()
      const exchange = await exchangeOnce(connection, request, headers, pool)
      if (!reachable) {
        reachable = true
        recovered.wake()
      }
      return exchange
    } catch (error) {
      if (!(request.signal?.aborted ?? false)) reachable = false
      throw error
    }
  }

  return {
    recovered,
    async json(request) {
      const { response, finish } = await send(request, 'requestAgent')
      try {
        const text = await readText(response)
        const status = response.statusCode ?? 0
        if (status >= 400) throw faultFromStatus(parseApiStatus(status, text), retryAfterMs(response))
        return parseAnswer(text)
      } finally {
        finish()
      }
    },
    async stream(request) {
      const { response, finish } = await send(request, 'watchAgent')
      const status = response.statusCode ?? 0
      if (status < 400) {
        finish()
        return response
      }
      try {
        throw faultFromStatus(parseApiStatus(status, await readText(response)), retryAfterMs(response))
      } finally {
        finish()
      }
    },
    lost() {
      reachable = false
    },
    close: () => source.close(),
  }
}

interface Exchange {
  response: http.IncomingMessage
  /** Ends the watch over the time limit. */
  finish(): void
}

/** GET and server-side apply may be sent again when a kept connection turns out to be closed. */
async function exchangeOnce(
  connection: Connection,
  request: ApiRequest,
  headers: http.OutgoingHttpHeaders,
  pool: 'requestAgent' | 'watchAgent',
): Promise<Exchange> {
  const repeatable = request.method === 'GET' || request.contentType === 'application/apply-patch+yaml'
  for (let attempt = 0; ; attempt++) {
    const sent = startRequest(connection, request, headers, pool)
    try {
      return await sent.answer
    } catch (error) {
      if (attempt === 0 && repeatable && sent.outgoing.reusedSocket && isReset(error)) continue
      throw faultFromNetwork(error, connection.server.host)
    }
  }
}

function startRequest(
  connection: Connection,
  request: ApiRequest,
  authorization: http.OutgoingHttpHeaders,
  pool: 'requestAgent' | 'watchAgent',
): { outgoing: http.ClientRequest; answer: Promise<Exchange> } {
  const url = requestUrl(connection.server, request)
  const program = url.protocol === 'http:' ? http : https
  const outgoing = program.request(url, {
    method: request.method,
    agent: connection[pool],
    signal: request.signal,
    headers: {
      Accept: request.accept ?? 'application/json',
      'User-Agent': 'wheelhouse',
      ...(request.body === undefined
        ? {}
        : {
            'Content-Type': request.contentType ?? 'application/json',
            'Content-Length': Buffer.byteLength(request.body),
          }),
      ...authorization,
    },
  })
  const timeoutMs = request.timeoutMs ?? defaultTimeoutMs
  const timer = setTimeout(() => outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs)
  const finish = () => clearTimeout(timer)
  const answer = new Promise<Exchange>((resolve, reject) => {
    outgoing.once('response', (response) => resolve({ response, finish }))
    // Stays attached: an abort during the body is reported here too.
    outgoing.on('error', (error) => {
      finish()
      reject(error)
    })
  })
  outgoing.end(request.body)
  return { outgoing, answer }
}

function requestUrl(server: URL, request: ApiRequest): URL {
  const url = new URL(server.pathname.replace(/\/$/, '') + request.path, server)
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url
}

async function readText(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxAnswerBytes)
        throw new Fault('too-large', `The API server answered more than ${maxAnswerBytes} bytes`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw faultFromNetwork(error, 'the cluster')
  }
  return Buffer.concat(chunks, bytes).toString('utf8')
}

function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Fault('cluster-unreachable', 'The API server answered something that is not JSON', {
      cause,
      retryable: true,
      suggestion: 'Check that the address in the kubeconfig is that of an API server.',
    })
  }
}

/** Seconds (RFC 9110 §10.2.3); the API server never sends a date. */
function retryAfterMs(response: http.IncomingMessage): number | undefined {
  const seconds = Number(response.headers['retry-after'])
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined
}

function isReset(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (error.code === 'ECONNRESET' || error.code === 'EPIPE')
  )
}
