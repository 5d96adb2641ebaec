import { auditCsvHead, auditCsvRow } from '#lib/core/audit/index.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'
import { chainPages } from './chain-pages.ts'

export type AuditFormat = 'jsonl' | 'csv'

/** The chain from row `from`, oldest first, as text in batches; memory stays at one batch. */
export function exportAudit(
  deps: { store: Pick<Store, 'readChain'> },
  caller: Caller,
  asked: { from: number; format: AuditFormat },
): AsyncGenerator<string, void> {
  ask(caller, 'audit:read')
  return batches(deps, asked)
}

async function* batches(
  deps: { store: Pick<Store, 'readChain'> },
  { from, format }: { from: number; format: AuditFormat },
): AsyncGenerator<string, void> {
  if (format === 'csv') yield auditCsvHead
  const line = format === 'csv' ? auditCsvRow : (row: object) => `${JSON.stringify(row)}\n`
  for await (const rows of chainPages(deps.store, from)) yield rows.map(line).join('')
}
