import { canonicalJson } from './canonical-json.ts'
import type { AuditEntry } from './types.ts'

const columns = [
  'seq',
  'at',
  'kind',
  'actor',
  'subject',
  'environment',
  'release',
  'operation',
  'commit',
  'revision',
  'reason',
  'intent',
  'data',
  'previousHash',
  'hash',
] as const satisfies (keyof AuditEntry)[]

export const auditCsvHead = `${columns.join(',')}\r\n`

/** One record as RFC 4180 has it; `at` in ISO 8601, `data` as JSON. */
export function auditCsvRow(entry: AuditEntry): string {
  const cells = columns.map((column) => {
    if (column === 'at') return new Date(entry.at).toISOString()
    if (column === 'data') return canonicalJson(entry.data)
    return String(entry[column] ?? '')
  })
  return `${cells.map(cell).join(',')}\r\n`
}

/** A spreadsheet would run what begins like a formula: an apostrophe makes it text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
