/** A JSON schema, as far as it is looked into here. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  enum?: unknown[]
  nullable?: boolean
  default?: unknown
  minimum?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  allOf?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  [keyword: string]: unknown
}

/** OpenAPI 3.0 says `nullable: true` where JSON schema has a type `null`; 3.1 already does. */
export function jsonSchemaOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => jsonSchemaOf(item))
  if (typeof value !== 'object' || value === null) return value
  const { nullable, ...rest } = value as Schema
  const converted = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, jsonSchemaOf(item)])) as Schema
  // A property may have the name, its schema is no boolean then.
  if (nullable !== true) return nullable === undefined ? converted : { ...converted, nullable: jsonSchemaOf(nullable) }
  if (typeof converted.type !== 'string') return { anyOf: [converted, { type: 'null' }] }
  const values = converted.enum ? { enum: [...converted.enum, null] } : {}
  return { ...converted, type: [converted.type, 'null'], ...values }
}

/** The schema of a request: what it does not name may not be sent, wherever it lists what there is. */
export function closed(schema: Schema): Schema {
  const isCombined = ['allOf', 'anyOf', 'oneOf', '$ref'].some((keyword) => keyword in schema)
  const properties = schema.properties && mapped(schema.properties, closed)
  return {
    ...schema,
    ...(properties ? { properties } : {}),
    ...(schema.items ? { items: closed(schema.items) } : {}),
    ...(properties && !isCombined && schema.additionalProperties === undefined ? { additionalProperties: false } : {}),
  }
}

function mapped<T>(record: Record<string, T>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

/** The schema a reference within the description leads to. */
export function followed(schema: Schema, schemas: Record<string, Schema>): Schema {
  if (schema.$ref === undefined) return schema
  const found = schemas[schema.$ref.split('/').at(-1) ?? '']
  if (!found) throw new Error(`The description has no ${schema.$ref}.`)
  return followed(found, schemas)
}
