import { describe, expect, it } from 'vitest'
import { auditCsvHead, auditCsvRow } from './csv.ts'
import type { AuditEntry } from './types.ts'

const entry: AuditEntry = {
  seq: 1,
  at: 0,
  kind: 'commit.done',
  actor: 'ada@example.test',
  subject: 's',
  data: { tag: 'dev-1' },
  previousHash: 'p',
  hash: 'h',
}

const rows: [label: string, change: Partial<AuditEntry>, cells: string][] = [
  ['empty columns stay empty', {}, 's,,,,,,,,'],
  ['quotes and commas are quoted', { reason: 'say "no", now' }, 's,,,,,,"say ""no"", now",,'],
  ['line breaks stay inside their cell', { reason: 'a\nb' }, 's,,,,,,"a\nb",,'],
  ['a formula becomes text', { reason: '=HYPERLINK("x")' }, `s,,,,,,"'=HYPERLINK(""x"")",,`],
  ['a number that begins with a sign too', { reason: '-1+1' }, `s,,,,,,'-1+1,,`],
]

describe('auditCsvRow', () => {
  it.each(rows)('%s', (_label, change, cells) => {
    expect(auditCsvRow({ ...entry, ...change })).toBe(
      `1,1970-01-01T00:00:00.000Z,commit.done,ada@example.test,${cells}"{""tag"":""dev-1""}",p,h\r\n`,
    )
  })

  it('has as many names as cells', () => {
    expect(auditCsvHead.split(',')).toHaveLength(15)
  })
})
