import type { ManifestDocument } from '../manifest/types.ts'
import type { Problem } from '../problem/index.ts'

/** Collects what is wrong while a document is read; reading always goes on, so that all problems are told at once. */
export interface Reader {
  document: ManifestDocument
  problems: Problem[]
}

/** A map of the document and where it stands. */
export interface Section {
  reader: Reader
  path: string
  fields: Readonly<Record<string, unknown>>
}

export function report(reader: Reader, code: string, message: string, suggestion?: string): void {
  const { id, path, line } = reader.document
  const problem: Problem = { code, severity: 'error', message, path, line, subject: id }
  reader.problems.push(suggestion === undefined ? problem : { ...problem, suggestion })
}

/** §9.18: a field that cannot be honoured blocks the release instead of being ignored. */
export function reportNotHonoured(reader: Reader, field: string, suggestion = 'Remove the field.'): void {
  report(reader, 'field-not-honoured', `Wheelhouse does not honour ${field}; the release is blocked.`, suggestion)
}

export const isMap = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

const isAbsent = (value: unknown): boolean => value === undefined || value === null

/** Opens a map; absent = empty. Fields not in `known` are reported as not honoured. */
export function openSection(reader: Reader, value: unknown, path: string, known: readonly string[]): Section {
  if (isAbsent(value)) return { reader, path, fields: {} }
  if (!isMap(value)) {
    report(reader, 'field-invalid', `${path} is not a map.`)
    return { reader, path, fields: {} }
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name) && !isAbsent(value[name])) reportNotHonoured(reader, `${path}.${name}`)
  }
  return { reader, path, fields: value }
}

function readField<T>(
  section: Section,
  name: string,
  what: string,
  accept: (value: unknown) => T | undefined,
): T | undefined {
  const value = Object.hasOwn(section.fields, name) ? section.fields[name] : undefined
  if (isAbsent(value)) return undefined
  const read = accept(value)
  if (read === undefined) report(section.reader, 'field-invalid', `${section.path}.${name} is not ${what}.`)
  return read
}

/** Empty text counts as absent, as it does for the controllers. */
export function readText(section: Section, name: string): string | undefined {
  return readField(section, name, 'text', (value) => (typeof value === 'string' ? value : undefined)) || undefined
}

export function readFlag(section: Section, name: string): boolean | undefined {
  return readField(section, name, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined))
}

export function readWhole(section: Section, name: string): number | undefined {
  return readField(section, name, 'a whole number', (value) =>
    Number.isSafeInteger(value) ? (value as number) : undefined,
  )
}

/** Seconds in the document, milliseconds here. */
export function readSeconds(section: Section, name: string): number | undefined {
  const seconds = readField(section, name, 'a number of seconds', (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined,
  )
  return seconds === undefined ? undefined : seconds * 1_000
}

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** Milliseconds of a Go duration (`5m0s`, `1h`, `1.5s`); nothing if it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text) || text.length > 40) return undefined
  let total = 0
  for (const [, amount, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h)/g))
    total += Number(amount) * (unitMs[unit ?? ''] ?? 0)
  return Math.round(total)
}

export function readDuration(section: Section, name: string): number | undefined {
  return readField(section, name, 'a duration such as 5m0s', (value) =>
    typeof value === 'string' ? parseDuration(value) : undefined,
  )
}

export function readList(section: Section, name: string): unknown[] {
  return readField(section, name, 'a list', (value) => (Array.isArray(value) ? (value as unknown[]) : undefined)) ?? []
}

/** `spec.values`: a map, or nothing. */
export function readValues(section: Section): Record<string, unknown> {
  const value = section.fields.values
  if (isAbsent(value)) return {}
  if (isMap(value)) return value
  report(section.reader, 'values-not-map', `${section.path}.values is not a map.`, 'Write the values as a map.')
  return {}
}
