import type { ErrorCode } from '#lib/core/fault/index.ts'
import { takesBody, type Endpoint, type InputOf, type ResponseOf } from './endpoint.ts'
import { ErrorBody, httpStatus } from './errors.ts'

/** The server's refusal or failure in its own words; `status` 0 = it did not answer. */
export class ApiError extends Error {
  readonly status: number
  readonly code: ErrorCode
  readonly suggestion: string | undefined
  readonly details: readonly { path: string; message: string }[]

  constructor(status: number, error: ErrorBody['error'], cause?: unknown) {
    super(error.message, { cause })
    this.name = 'ApiError'
    this.status = status
    this.code = error.code
    this.suggestion = error.suggestion
    this.details = error.details ?? []
  }
}

export interface CallOptions {
  /** `https://wheelhouse.example.com`; '' = the page's own origin. */
  baseUrl?: string
  token?: string
  fetch?: typeof fetch
  signal?: AbortSignal
}

interface LooseInput {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

/** Calls an endpoint; throws ApiError for every answer but success. */
export async function call<E extends Endpoint>(
  endpoint: E,
  input: InputOf<E>,
  options: CallOptions = {},
): Promise<ResponseOf<E>> {
  const given = input as LooseInput
  const headers: Record<string, string> = { accept: 'application/json' }
  if (options.token) headers.authorization = `Bearer ${options.token}`
  if (endpoint.method !== 'GET') headers['content-type'] = 'application/json'
  const response = await send(options, (options.baseUrl ?? '') + urlOf(endpoint, given), {
    method: endpoint.method,
    headers,
    signal: options.signal,
    body: takesBody(endpoint.method) ? JSON.stringify(given.body ?? {}) : undefined,
  })
  const text = await response.text()
  if (!response.ok) throw new ApiError(response.status, errorIn(text, response.status))
  if (endpoint.answer !== 'json' && endpoint.answer !== 'command') return text as ResponseOf<E>
  return JSON.parse(text) as ResponseOf<E>
}

/** Path and query of a call. */
export function urlOf(endpoint: Endpoint, input: LooseInput): string {
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = input.params?.[name]
    if (value === undefined) throw new Error(`${endpoint.path} needs ${name}`)
    return encodeURIComponent(String(value))
  })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  }
  return query.size > 0 ? `${path}?${query.toString()}` : path
}

async function send(options: CallOptions, url: string, init: RequestInit): Promise<Response> {
  try {
    return await (options.fetch ?? fetch)(url, init)
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    const message = 'Wheelhouse did not answer.'
    const suggestion = 'Check the address and that the web process runs, then try again.'
    throw new ApiError(0, { code: 'unavailable', message, suggestion }, cause)
  }
}

function errorIn(text: string, status: number): ErrorBody['error'] {
  try {
    return ErrorBody.parse(JSON.parse(text)).error
  } catch {
    const code = (Object.keys(httpStatus) as ErrorCode[]).find((key) => httpStatus[key] === status) ?? 'internal'
    return { code, message: `The server answered ${status} without an explanation.` }
  }
}
