import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '#lib/ports/store/index.ts'
import { operationSteps } from './operation-steps.ts'

const row = (seq: number, kind: string, more: Partial<AuditRecord> = {}): AuditRecord => ({
  seq,
  at: seq,
  kind,
  actor: 'automation',
  subject: 'x',
  data: {},
  previousHash: '',
  hash: '',
  ...more,
})

describe('operationSteps', () => {
  const rows: [label: string, given: AuditRecord[], want: [name: string, state: string][]][] = [
    ['no rows', [], []],
    ['a fact is done', [row(1, 'tag.seen')], [['Image pushed', 'done']]],
    ['an intent runs', [row(1, 'commit.intent', { intent: 'i1' })], [['Committing', 'running']]],
    [
      'an outcome closes its intent, newest first or not',
      [row(2, 'commit.done', { intent: 'i1' }), row(1, 'commit.intent', { intent: 'i1' })],
      [['Committed', 'done']],
    ],
    [
      'a failure closes it too',
      [row(1, 'upgrade.intent', { intent: 'i2' }), row(2, 'upgrade.failed', { intent: 'i2' })],
      [['helm upgrade', 'failed']],
    ],
    [
      'the same failure again and again is told once',
      [1, 2, 3].map((seq) => row(seq, 'install.failed', { intent: `i${seq}`, reason: 'no such kind' })),
      [['helm install, 3 times', 'failed']],
    ],
    [
      'another failure is another step',
      [row(1, 'install.failed', { reason: 'a' }), row(2, 'install.failed', { reason: 'b' })],
      [
        ['helm install', 'failed'],
        ['helm install', 'failed'],
      ],
    ],
  ]
  it.each(rows)('%s', (_label, given, want) => {
    expect(operationSteps(given).map((step) => [step.name, step.state])).toEqual(want)
  })
})
