import type { z } from 'zod'
import { Fault } from '#lib/core/fault/index.ts'
import type { Endpoint, ParsedInput } from '#lib/api/endpoint.ts'
import type { Caller } from '#lib/operations/read/caller.ts'
import { guard } from './guard.ts'
import { parseInput } from './parse-input.ts'
import { failure, json } from './respond.ts'
import { webDeps } from './web-deps.ts'
import type { WebDeps } from './web-deps.ts'

interface RouteContext {
  /** Next gives nothing where the path has no parameter. */
  params: Promise<Record<string, unknown> | undefined>
}

/** What Next calls; carries its endpoint so that a test can list every route. */
export type RouteHandler = ((request: Request, context: RouteContext) => Promise<Response>) & { endpoint: Endpoint }

export interface Given<E extends Endpoint> extends ParsedInput<E> {
  deps: WebDeps
  caller: Caller
}

type Answered<E extends Endpoint> = z.input<E['response']>

/** A JSON route for somebody signed in: guarded, parsed, one operation, answered in the endpoint's own shape. */
export function route<E extends Endpoint>(
  endpoint: E,
  operate: (given: Given<E>) => Answered<E> | Promise<Answered<E>>,
): RouteHandler {
  return rawRoute(endpoint, async ({ deps, caller, request, params }) => {
    if (!caller) throw new Fault('unauthenticated', 'You are not signed in.')
    const input = await parseInput(endpoint, request, params)
    const answer: unknown = await operate({ ...input, deps, caller })
    // Parsing drops every field the endpoint does not name: what is not in a response type cannot leave.
    return json(endpoint.response.parse(answer), isQueued(endpoint, answer) ? 202 : 200)
  })
}

export interface RawGiven {
  deps: WebDeps
  /** Undefined for `public`, `hook`, `own-hook` and, from loopback, `metrics`. */
  caller: Caller | undefined
  request: Request
  params: Record<string, unknown>
}

/** A route that makes its own answer: streams, text, cookies, webhooks. Guarded, timed and logged like the others. */
export function rawRoute(endpoint: Endpoint, operate: (given: RawGiven) => Promise<Response>): RouteHandler {
  const handle = async (request: Request, context: RouteContext): Promise<Response> => {
    const deps = webDeps()
    const started = performance.now()
    const response = await answer(deps, request, context)
    const seconds = (performance.now() - started) / 1000
    deps.metrics.request(endpoint.path, endpoint.method, response.status, seconds)
    const level = endpoint.method === 'GET' || isHook(endpoint) ? 'debug' : 'info'
    deps.log[level]('request answered', {
      method: endpoint.method,
      path: endpoint.path,
      status: response.status,
      ms: Math.round(seconds * 1000),
    })
    return response
  }
  const answer = async (deps: WebDeps, request: Request, context: RouteContext): Promise<Response> => {
    try {
      const caller = await guard(deps, endpoint, request)
      return await operate({ deps, caller, request, params: (await context.params) ?? {} })
    } catch (error) {
      const response = failure(error)
      if (response.status >= 500)
        deps.log.error('request failed', { path: endpoint.path, status: response.status, error })
      return response
    }
  }
  return Object.assign(handle, { endpoint })
}

const isHook = ({ permission }: Endpoint): boolean => permission === 'hook' || permission === 'own-hook'

function isQueued(endpoint: Endpoint, answer: unknown): boolean {
  return endpoint.answer === 'command' && (answer as { kind?: string }).kind === 'queued'
}
