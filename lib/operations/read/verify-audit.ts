import { verifyChain } from '#lib/core/audit/index.ts'
import type { Checkpoint } from '#lib/core/audit/index.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

export type AuditVerdict =
  | { kind: 'intact'; rows: number; head?: string }
  /** `seq` names the first bad row. */
  | { kind: 'broken'; rows: number; seq: number; reason: string }

const rowsAtOnce = 2000

/** Walks the chain from its first row, page by page. */
export async function verifyAudit(deps: { store: Pick<Store, 'readChain'> }, caller: Caller): Promise<AuditVerdict> {
  ask(caller, 'audit:read')
  let rows = 0
  let last: Checkpoint | undefined
  for (;;) {
    const page = await deps.store.readChain((last?.seq ?? 0) + 1, rowsAtOnce)
    const verdict = verifyChain(page, undefined, last)
    if (!verdict.ok) return { kind: 'broken', rows, seq: verdict.seq, reason: verdict.message }
    rows += page.length
    last = verdict.head ?? last
    if (page.length < rowsAtOnce) return { kind: 'intact', rows, head: last?.hash }
  }
}
