import { canonicalJson } from '../../core/audit/index.ts'
import { Prisma } from './generated/client.ts'

/** Milliseconds since the epoch into a timestamp. */
export const date = (ms: number): Date => new Date(Math.round(ms))
export const dateOrNull = (ms: number | undefined): Date | null => (ms === undefined ? null : date(ms))
export const ms = (value: Date): number => value.getTime()
export const msOrNothing = (value: Date | null): number | undefined => value?.getTime()

/** What jsonb refuses, as it looks in JSON text; or an escaped backslash before innocent text, which costs a closer look. */
const refused = /\\u(0000|d[89a-f])/i

/**
 * JSON text for a jsonb parameter. jsonb refuses U+0000 and halves of surrogate pairs, which may stand in what users and
 * registries write: both become U+FFFD.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  if (!refused.test(text)) return text
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'string' ? clean(member) : member))
}

const clean = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\uFFFD')

/** A value for a jsonb column, as Prisma takes it. */
export const json = (value: unknown): Prisma.InputJsonValue => JSON.parse(jsonText(value)) as Prisma.InputJsonValue

export const jsonOrNull = (value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull =>
  value === undefined || value === null ? Prisma.DbNull : json(value)

/** Reads a column back as what was written into it. */
export const read = <T>(value: unknown): T => value as T
export const readOrNothing = <T>(value: unknown): T | undefined => (value === null ? undefined : (value as T))

/** Whether two values are the same once stored. */
export const same = (left: unknown, right: unknown): boolean =>
  left === right || canonicalJson(left ?? null) === canonicalJson(right ?? null)

/** A page of at most `limit` out of rows read with one more than that. */
export function page<Row, T>(
  rows: Row[],
  limit: number,
  toItem: (row: Row) => T,
  cursor: (row: Row) => string,
): { items: T[]; next?: string } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const items = shown.map(toItem)
  return rows.length > limit && last !== undefined ? { items, next: cursor(last) } : { items }
}

export const pageSize = (limit: number | undefined, otherwise: number): number =>
  Math.max(1, Math.min(limit ?? otherwise, 500))

/** Cursors are opaque to callers: the key of the last row, as JSON. */
export const encodeCursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url')

/** Throws Fault-free: a cursor nobody gave out starts from the beginning. */
export function decodeCursor<T>(cursor: string | undefined, fits: (key: unknown) => key is T): T | undefined {
  if (cursor === undefined) return undefined
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return fits(key) ? key : undefined
  } catch {
    return undefined
  }
}
