/**
 * Program: `node demo/world/github/extract-description.ts api.github.com.json` takes the operations in use, and the schemas
 * they refer to, out of GitHub's OpenAPI description (npm `@octokit/openapi`, `generated/api.github.com.json`; the whole
 * package is 400 MB). Only what is there for people is left out: descriptions, summaries, examples.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { operations } from './operations.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Dictionary = Record<string, Json>

const forPeople = new Set([
  'description',
  'summary',
  'example',
  'examples',
  'externalDocs',
  'tags',
  'x-github',
  'x-octokit',
])

function stripped(value: Json, insideProperties = false): Json {
  if (Array.isArray(value)) return value.map((item) => stripped(item))
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([key]) => insideProperties || !forPeople.has(key))
  return Object.fromEntries(kept.map(([key, item]) => [key, stripped(item, key === 'properties' && !insideProperties)]))
}

function* referencesIn(value: Json): Generator<string> {
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value) && typeof value['$ref'] === 'string') yield value['$ref']
  for (const item of Object.values(value)) yield* referencesIn(item)
}

function at(document: Dictionary, reference: string): Json {
  const parts = reference.replace(/^#\//, '').split('/')
  const found = parts.reduce<Json | undefined>((value, part) => (value as Dictionary | undefined)?.[part], document)
  if (found === undefined) throw new Error(`The description has no ${reference}.`)
  return found
}

function put(document: Dictionary, path: readonly string[], value: Json): void {
  const [first = '', ...rest] = path
  if (rest.length === 0) document[first] = value
  else put((document[first] ??= {}) as Dictionary, rest, value)
}

const whole = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Dictionary
const { openapi, info } = whole as { openapi: string; info: { title: string; version: string; license: Json } }
const extract: Dictionary = { openapi, info: { title: info.title, version: info.version, license: info.license } }
const wanted: string[] = []
const take = (path: readonly string[], value: Json) => {
  const kept = stripped(value)
  put(extract, path, kept)
  wanted.push(...referencesIn(kept))
}
for (const operation of operations) {
  const [method = '', path = ''] = operation.split(' ')
  const item = (whole['paths'] as Dictionary)[path] as Dictionary | undefined
  const found = item?.[method.toLowerCase()]
  if (found === undefined) throw new Error(`The description has no ${operation}.`)
  take(['paths', path, method.toLowerCase()], found)
}
take(['components', 'schemas', 'basic-error'], at(whole, '#/components/schemas/basic-error'))
const taken = new Set<string>()
for (let reference = wanted.pop(); reference !== undefined; reference = wanted.pop()) {
  if (taken.has(reference)) continue
  taken.add(reference)
  take(reference.replace(/^#\//, '').split('/'), at(whole, reference))
}
await writeFile(join(import.meta.dirname, 'description.json'), `${JSON.stringify(extract)}\n`)
