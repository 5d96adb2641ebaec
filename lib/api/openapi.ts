import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { ErrorBody } from './errors.ts'
import { endpoints } from './index.ts'

interface JsonSchema {
  properties?: Record<string, unknown>
  required?: string[]
  [key: string]: unknown
}

/** The OpenAPI 3.1 document of every endpoint, made from the same objects the routes use. */
export function openApiDocument(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { name, subject, endpoint } of endpoints) {
    const methods = (paths[endpoint.path] ??= {})
    methods[endpoint.method.toLowerCase()] = operation(name, subject, endpoint)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Wheelhouse',
      version,
      description: 'Times are milliseconds since the epoch. Lists page by key: pass `next` as `after`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { session: [] }],
    tags: [...new Set(endpoints.map((entry) => entry.subject))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-wheelhouse' },
      },
      schemas: { Error: schemaOf(ErrorBody, 'output') },
      responses: { Error: { description: 'What went wrong', content: json({ $ref: '#/components/schemas/Error' }) } },
    },
  }
}

function operation(name: string, subject: string, endpoint: Endpoint): Record<string, unknown> {
  const body = schemaOf(endpoint.body, 'input')
  const takesBody = endpoint.body.def.type !== 'undefined'
  return {
    operationId: name,
    tags: [subject],
    summary: endpoint.summary,
    ...(endpoint.permission === 'public' ? { security: [] } : {}),
    parameters: [...parameters(endpoint.params, 'path'), ...parameters(endpoint.query, 'query')],
    ...(takesBody
      ? { requestBody: { required: !endpoint.body.safeParse(undefined).success, content: json(body) } }
      : {}),
    responses: { ...successes(endpoint), ...errors(endpoint, takesBody) },
  }
}

function successes(endpoint: Endpoint): Record<string, unknown> {
  const schema = schemaOf(endpoint.response, 'output')
  switch (endpoint.answer) {
    case 'json':
      return isHook(endpoint)
        ? { 202: { description: 'Taken', content: json(schema) } }
        : { 200: { description: 'Done', content: json(schema) } }
    case 'command':
      return {
        200: { description: 'Done by the worker', content: json(schema) },
        202: { description: 'Taken; the worker still works on it', content: json(schema) },
      }
    case 'event-stream':
      return { 200: { description: 'A stream', content: { 'text/event-stream': { schema } } } }
    case 'text':
      return { 200: { description: 'Text', content: { 'text/plain': { schema } } } }
    case 'lines':
      return { 200: { description: 'Lines', content: { 'application/jsonl': { schema }, 'text/csv': { schema } } } }
  }
}

const isHook = ({ permission }: Endpoint): boolean => permission === 'hook' || permission === 'own-hook'

function errors(endpoint: Endpoint, takesBody: boolean): Record<string, unknown> {
  const statuses = [400, 500, 503]
  if (endpoint.permission !== 'public') statuses.push(401, 403)
  if (Object.keys(endpoint.params.shape).length > 0) statuses.push(404)
  if (takesBody || isHook(endpoint)) statuses.push(413)
  if (endpoint.answer === 'command') statuses.push(409, 502)
  return Object.fromEntries(statuses.sort().map((status) => [status, { $ref: '#/components/responses/Error' }]))
}

function parameters(schema: z.ZodObject, place: 'path' | 'query'): Record<string, unknown>[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input')
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' })
  return rest as JsonSchema
}

function json(schema: unknown): Record<string, unknown> {
  return { 'application/json': { schema } }
}
