import type { z } from 'zod'
import { Fault } from '#lib/core/fault/index.ts'
import { takesBody, type Endpoint, type ParsedInput } from '#lib/api/endpoint.ts'
import { parseJson, readBody } from './read-body.ts'

const maxBodyBytes = 256 * 1024

/** The caller's input does not fit the endpoint; `details` says where. */
export class InvalidInput extends Fault {
  readonly details: { path: string; message: string }[]
  constructor(message: string, details: { path: string; message: string }[]) {
    super('invalid', message, { suggestion: 'GET /api/v1/openapi.json describes what is expected.' })
    this.details = details
  }
}

/** Throws `invalid`, `too-large`. */
export async function parseInput<E extends Endpoint>(
  endpoint: E,
  request: Request,
  params: Record<string, unknown>,
): Promise<ParsedInput<E>> {
  const query = Object.fromEntries(new URL(request.url).searchParams)
  const body = takesBody(endpoint.method) ? await bodyOf(endpoint, request) : undefined
  return {
    params: check(endpoint.params, params, 'path'),
    query: check(endpoint.query, query, 'query'),
    body: check(endpoint.body, body, 'body'),
  } as ParsedInput<E>
}

async function bodyOf(endpoint: Endpoint, request: Request): Promise<unknown> {
  const text = await readBody(request, maxBodyBytes)
  const type = request.headers.get('content-type') ?? ''
  if (text !== '' && !/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) {
    throw new Fault('invalid', 'The body is not declared as JSON.', {
      suggestion: 'Send `Content-Type: application/json`.',
    })
  }
  const body = parseJson(text)
  return endpoint.body.def.type === 'undefined' ? undefined : body
}

function check(schema: z.ZodType, value: unknown, place: string): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const details = parsed.error.issues.slice(0, 20).map((issue) => ({
    path: [place, ...issue.path].join('.'),
    message: issue.message,
  }))
  throw new InvalidInput(`${details[0]?.path}: ${details[0]?.message}.`, details)
}
