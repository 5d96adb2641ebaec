import { describeEvent } from '#lib/core/event/index.ts'
import type { AuditRecord } from '#lib/ports/store/index.ts'

export interface OperationStep {
  name: string
  state: 'done' | 'running' | 'failed' | 'waiting'
  detail?: string
  at?: number
}

/**
 * The steps of an operation from its audit rows (any order): an intent without its outcome is still running. A step
 * that failed in the same way several times in a row is told once, with the time of its last try.
 */
export function operationSteps(rows: readonly AuditRecord[]): OperationStep[] {
  const steps = new Map<string, OperationStep>()
  for (const row of rows.toSorted((a, b) => a.seq - b.seq)) {
    const [noun = '', outcome = ''] = row.kind.split('.')
    // Of several operations that one Helm run brings, one holds its intent; all name the attempt.
    const attempt = typeof row.data.attempt === 'string' ? `${noun}:${row.data.attempt}` : undefined
    const key = row.intent ?? attempt ?? String(row.seq)
    const { what, detail } = describeEvent(row)
    steps.set(key, { name: what, state: stateOf(outcome), detail: detail ?? steps.get(key)?.detail, at: row.at })
  }
  return withoutRepeats([...steps.values()])
}

function withoutRepeats(steps: readonly OperationStep[]): OperationStep[] {
  const kept: OperationStep[] = []
  let times = 1
  for (const [at, step] of steps.entries()) {
    const next = steps[at + 1]
    const again = step.state === 'failed' && next?.state === 'failed' && next.detail === step.detail
    if (again) {
      times += 1
      continue
    }
    kept.push(times > 1 ? { ...step, name: `${step.name}, ${times} times` } : step)
    times = 1
  }
  return kept
}

function stateOf(outcome: string): OperationStep['state'] {
  switch (outcome) {
    case 'intent':
      return 'running'
    case 'failed':
    case 'test-failed':
    case 'hook-failed':
    case 'refused':
    case 'dead':
      return 'failed'
    case 'waiting':
    case 'asked':
    case 'interrupted':
      return 'waiting'
    default:
      return 'done'
  }
}
