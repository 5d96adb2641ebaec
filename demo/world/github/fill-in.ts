import { followed, type Schema } from './json-schema.ts'

type Schemas = Record<string, Schema>

/** `given`, and beside it the least that the schema demands: null where that is allowed, else the plainest value. */
export function fillIn(schema: Schema, given: unknown, schemas: Schemas): unknown {
  const plain = chosen(followed(schema, schemas), given, schemas)
  if (given === null) return null
  if (given === undefined && allowsNull(plain)) return null
  if (isObject(plain)) return given === undefined || isRecord(given) ? fillObject(plain, given ?? {}, schemas) : given
  if (Array.isArray(given) && plain.items) {
    const { items } = plain
    return given.map((item) => fillIn(items, item, schemas))
  }
  return given === undefined ? plainest(plain) : given
}

/** Alternatives: null where nothing is given and it is one of them, else the first that is a shape of its own. */
function chosen(schema: Schema, given: unknown, schemas: Schemas): Schema {
  if (schema.allOf)
    return merged(
      schema,
      schema.allOf.map((part) => chosen(followed(part, schemas), given, schemas)),
    )
  const alternatives = (schema.anyOf ?? schema.oneOf)?.map((part) => followed(part, schemas))
  if (!alternatives) return schema
  const nullOnly = alternatives.find((part) => part.type === 'null')
  if (given === undefined && nullOnly) return nullOnly
  const fitting = alternatives.find((part) => part.type !== 'null' && isRecord(given) === isObject(part))
  return chosen(fitting ?? alternatives[0] ?? schema, given, schemas)
}

function merged(own: Schema, parts: Schema[]): Schema {
  const all = [...parts, own]
  return {
    ...Object.assign({}, ...all),
    allOf: undefined,
    properties: Object.assign({}, ...all.map(({ properties }) => properties ?? {})) as Record<string, Schema>,
    required: all.flatMap(({ required }) => required ?? []),
  }
}

function fillObject(schema: Schema, given: Record<string, unknown>, schemas: Schemas): Record<string, unknown> {
  const names = new Set([...(schema.required ?? []), ...Object.keys(given)])
  const filled = [...names].map((name) => {
    const own = schema.properties?.[name]
    return [name, own ? fillIn(own, given[name], schemas) : given[name]]
  })
  return Object.fromEntries(filled) as Record<string, unknown>
}

function isObject(schema: Schema): boolean {
  return (
    schema.properties !== undefined ||
    schema.type === 'object' ||
    (Array.isArray(schema.type) && schema.type.includes('object'))
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function allowsNull({ type }: Schema): boolean {
  return type === 'null' || (Array.isArray(type) && type.includes('null'))
}

function plainest(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0]
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'array':
      return []
    case 'boolean':
      return false
    case 'integer':
    case 'number':
      return schema.minimum ?? 0
    default:
      return schema.format === 'date-time'
        ? '2018-11-05T00:00:00Z'
        : schema.format === 'uri'
          ? 'https://github.test'
          : ''
  }
}
