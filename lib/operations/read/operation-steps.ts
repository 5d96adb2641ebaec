import type { AuditRecord } from '#lib/ports/store/index.ts'

export interface OperationStep {
  name: string
  state: 'done' | 'running' | 'failed' | 'waiting'
  detail?: string
  at?: number
}

/** The steps of an operation from its audit rows (any order): an intent without its outcome is still running. */
export function operationSteps(rows: readonly AuditRecord[]): OperationStep[] {
  const steps = new Map<string, OperationStep>()
  for (const row of rows.toSorted((a, b) => a.seq - b.seq)) {
    const [noun = row.kind, what = ''] = row.kind.split('.')
    const key = row.intent ?? String(row.seq)
    const detail = row.reason ?? steps.get(key)?.detail
    steps.set(key, { name: row.intent ? noun : row.kind, state: stateOf(what), detail, at: row.at })
  }
  return [...steps.values()]
}

function stateOf(what: string): OperationStep['state'] {
  switch (what) {
    case 'intent':
      return 'running'
    case 'failed':
    case 'refused':
    case 'dead':
      return 'failed'
    case 'waiting':
      return 'waiting'
    default:
      return 'done'
  }
}
