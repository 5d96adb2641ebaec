import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { fillIn } from './fill-in.ts'
import { closed, jsonSchemaOf, type Schema } from './json-schema.ts'
import type { OperationName } from './operations.ts'

interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema: Schema
}

interface Operation {
  parameters?: (Parameter | { $ref: string })[]
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, Response | { $ref: string }>
}

interface Response {
  content?: Record<string, { schema: Schema }>
}

interface Document {
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
}

/** Statuses that GitHub answers everywhere, whether or not an operation lists them, with a `message`. */
const everywhere = new Set([301, 401, 403, 404, 409, 422, 429, 500, 502, 503])

/** GitHub's published description of the operations in use, and whether calls and answers fit it. */
export class Description {
  readonly #document: Document
  readonly #schemas: Record<string, Schema>
  readonly #ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false, validateFormats: false, logger: false })
  readonly #coercing = new Ajv({ strict: false, coerceTypes: true, validateFormats: false, logger: false })
  readonly #compiled = new Map<string, ValidateFunction>()

  constructor() {
    const text = readFileSync(join(import.meta.dirname, 'description.json'), 'utf8')
    this.#document = JSON.parse(text) as Document
    const schemas = jsonSchemaOf(this.#document.components['schemas'] ?? {}) as Record<string, Schema>
    this.#schemas = schemas
    // Referred to as `#/components/schemas/…` from within; `$defs` would be another spelling.
    for (const ajv of [this.#ajv, this.#coercing]) ajv.addSchema({ $id: 'github', components: { schemas } })
  }

  /** What of a call is not in the description; nothing = it fits. */
  checkCall(
    operation: OperationName,
    call: { params: Record<string, string>; query: Record<string, string>; body: unknown },
  ): string[] {
    const { parameters = [], requestBody } = this.#operation(operation)
    const known = parameters.map((parameter) => this.#resolved(parameter))
    const problems = [
      ...this.#checkParameters(operation, 'path', known, call.params),
      ...this.#checkParameters(operation, 'query', known, call.query),
    ]
    const schema = requestBody?.content['application/json']?.schema
    if (schema && (call.body !== undefined || requestBody.required)) {
      const validate = this.#compile(`${operation} body`, () => closed(jsonSchemaOf(schema) as Schema))
      problems.push(...problemsOf(validate, call.body ?? {}, 'body'))
    }
    if (!schema && call.body !== undefined) problems.push('the operation takes no body')
    return problems.map((problem) => `${operation}: ${problem}`)
  }

  /** What of an answer is not in the description. */
  checkReply(operation: OperationName, status: number, body: unknown): string[] {
    const schema = this.#replySchema(operation, status)
    if (schema === 'unknown') return [`${operation}: the description knows no answer ${status}`]
    if (schema === 'empty') return body === undefined ? [] : [`${operation}: the answer ${status} has no body`]
    const validate = this.#compile(`${operation} ${status}`, () => schema)
    return problemsOf(validate, body, 'answer').map((problem) => `${operation}: ${problem}`)
  }

  /** An answer with everything in it that the description demands; what is given stays. */
  fillReply(operation: OperationName, status: number, given: unknown): unknown {
    const schema = this.#replySchema(operation, status)
    return typeof schema === 'string' ? given : fillIn(schema, given, this.#schemas)
  }

  #replySchema(operation: OperationName, status: number): Schema | 'unknown' | 'empty' {
    const declared = this.#operation(operation).responses[String(status)]
    if (!declared) return everywhere.has(status) ? { $ref: '#/components/schemas/basic-error' } : 'unknown'
    const { content } = this.#resolved(declared)
    const schema = content?.['application/json']?.schema
    return schema ? (jsonSchemaOf(schema) as Schema) : 'empty'
  }

  #checkParameters(
    operation: OperationName,
    where: 'path' | 'query',
    all: Parameter[],
    given: Record<string, string>,
  ): string[] {
    const known = all.filter((parameter) => parameter.in === where)
    const validate = this.#compile(`${operation} ${where}`, () => ({
      type: 'object',
      properties: Object.fromEntries(known.map(({ name, schema }) => [name, jsonSchemaOf(schema) as Schema])),
      required: known.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: false,
    }))
    return problemsOf(validate, { ...given }, where)
  }

  #compile(key: string, schema: () => Schema): ValidateFunction {
    const known = this.#compiled.get(key)
    if (known) return known
    const ajv = /(path|query)$/.test(key) ? this.#coercing : this.#ajv
    const compiled = ajv.compile(rooted(schema()) as Schema)
    this.#compiled.set(key, compiled)
    return compiled
  }

  #operation(operation: OperationName): Operation {
    const [method = '', path = ''] = operation.split(' ')
    const found = this.#document.paths[path]?.[method.toLowerCase()]
    if (!found) throw new Error(`description.json lacks ${operation}: extract it again.`)
    return found
  }

  #resolved<T extends object>(value: T | { $ref: string }): T {
    if (!('$ref' in value)) return value
    const [, , kind = '', name = ''] = value.$ref.split('/')
    return this.#document.components[kind]?.[name] as T
  }
}

/** References of a schema that stands alone lead into the document. */
function rooted(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((item) => rooted(item))
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      return key === '$ref' && typeof value === 'string' ? [key, value.replace(/^#/, 'github#')] : [key, rooted(value)]
    }),
  )
}

function problemsOf(validate: ValidateFunction, value: unknown, where: string): string[] {
  if (validate(value)) return []
  return (validate.errors ?? []).slice(0, 5).map(({ instancePath, message, params }) => {
    return `${where}${instancePath} ${message} ${JSON.stringify(params)}`
  })
}
