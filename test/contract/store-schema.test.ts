import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { administer, startTestDatabase } from '#test/fixtures/test-database.ts'
import type { TestDatabase } from '#test/fixtures/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const columnTypes: Record<string, string> = {
  String: 'text',
  Int: 'integer',
  BigInt: 'bigint',
  Boolean: 'boolean',
  Json: 'jsonb',
  Bytes: 'bytea',
  DateTime: 'timestamp(3) with time zone',
}

interface Table {
  /** `<name> <type>[ not null]`, sorted. */
  columns: string[]
  /** `primary`, `unique` or `index`, then the columns in their order, sorted. */
  keys: string[]
}

/** Reads the models of schema.prisma: one field or attribute a line. */
function modelsOf(schema: string): Map<string, Table> {
  const bodies = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)]
  const models = new Set(bodies.map(([, name]) => name))
  return new Map(
    bodies.map(([, , body = '']) => {
      const columnOf = new Map<string, string>()
      const table: Table = { columns: [], keys: [] }
      for (const line of body.split('\n')) readField(line, models, columnOf, table)
      for (const [, kind = '', fields = ''] of body.matchAll(/@@(id|unique|index)\(\[([^\]]*)\]/g)) {
        const columns = fields.split(',').map((field) => columnOf.get(field.trim()))
        table.keys.push(`${kind === 'id' ? 'primary' : kind} ${columns.join(' ')}`)
      }
      const name = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? ''
      return [name, { columns: table.columns.sort(), keys: table.keys.sort() }]
    }),
  )
}

function readField(line: string, models: Set<string | undefined>, columnOf: Map<string, string>, table: Table): void {
  const found = /^ {2}(\w+) +(\w+)(\?|\[\])?(.*)$/.exec(line)
  if (!found) return
  const [, field = '', type = '', suffix, rest = ''] = found
  if (models.has(type)) return
  const column = /@map\("(\w+)"\)/.exec(rest)?.[1] ?? field
  columnOf.set(field, column)
  const list = suffix === '[]'
  // Prisma lets lists be NULL in the database and reads them as empty.
  const required = suffix === undefined ? ' not null' : ''
  table.columns.push(`${column} ${columnTypes[type]}${list ? '[]' : ''}${required}`)
  if (/@id\b/.test(rest)) table.keys.push(`primary ${column}`)
  if (/@unique\b/.test(rest)) table.keys.push(`unique ${column}`)
}

/** The tables as the migrations made them; partial indexes, which the schema cannot say, are left out. */
async function tablesOf(url: string): Promise<Map<string, Table>> {
  const columns = await administer(
    url,
    `SELECT c.relname AS table, array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
       AND c.relname <> '_prisma_migrations'
     GROUP BY 1`,
  )
  const keys = await administer(
    url,
    `SELECT i.indrelid::regclass::text AS table,
       CASE WHEN i.indisprimary THEN 'primary' WHEN i.indisunique THEN 'unique' ELSE 'index' END || ' ' ||
       (SELECT string_agg(a.attname, ' ' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) AS key
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     WHERE c.relnamespace = 'public'::regnamespace AND i.indpred IS NULL`,
  )
  return new Map(
    columns.map((row) => {
      const own = keys.filter((key) => key['table'] === row['table']).map((key) => String(key['key']))
      return [String(row['table']), { columns: (row['columns'] as string[]).sort(), keys: own.sort() }]
    }),
  )
}

it('schema.prisma and the migrations say the same', async () => {
  const models = modelsOf(await readFile('prisma/schema.prisma', 'utf8'))
  const tables = await tablesOf(database.url)
  expect([...models.keys()].sort()).toEqual([...tables.keys()].sort())
  for (const [name, model] of models) expect({ name, ...tables.get(name) }).toEqual({ name, ...model })
})
