import { describe, expect, it } from 'vitest'
import type { Snapshot } from '#lib/core/snapshot/index.ts'
import type { ReleaseImage } from '#lib/ports/store/index.ts'
import { unlessRefused, withMet, type ContainerDecision } from './decide-containers.ts'

const problem = { code: 'edit-shared', severity: 'error' as const, message: 'It is shared.' }
const other = { code: 'policy-order-ambiguous', severity: 'error' as const, message: 'One time.' }
const image: ReleaseImage = { container: 'web', image: 'app:1', repository: 'r/app', tag: '1', automated: true }
const met = { by: 'edit' as const, tag: '2', blob: 'b1' }

function entry(decision: ContainerDecision['decision'], more: Partial<ContainerDecision> = {}): ContainerDecision {
  const container = { name: 'web', image: { written: 'app:1', host: 'r', path: 'app', tag: '1' }, needsFilter: false }
  return { container: { ...container, tagPath: [] }, written: 'glob:*', decision, ...more }
}
const move = entry({ kind: 'move', tag: '2', reason: 'newer' })
const stay = entry({ kind: 'stay', reason: 'newest' })
const waiting = entry({ kind: 'waiting', reason: 'reading', read: 0, of: 1, unread: ['2'] })
const blocked = (by: ContainerDecision['blockedBy']) => entry({ kind: 'blocked', problem: other }, { blockedBy: by })

describe('unlessRefused', () => {
  const snapshot = { files: new Map([['b1', { path: 'a.yaml' }]]) } as unknown as Snapshot
  const decide = (known: Partial<ReleaseImage>, decided = move) =>
    unlessRefused({ images: [{ ...image, problem, ...known }], path: 'a.yaml' }, snapshot, decided)

  it.each<[string, Partial<ReleaseImage>, ContainerDecision, string]>([
    ['the same edit of the same file', { met }, move, 'blocked'],
    ['another tag', { met: { ...met, tag: '3' } }, move, 'move'],
    ['another digest', { met: { ...met, digest: 'sha256:1' } }, move, 'move'],
    ['the same digest', { met: { ...met, digest: 'd' } }, { ...move, digest: 'd' }, 'blocked'],
    ['another file', { met: { ...met, blob: 'b0' } }, move, 'move'],
    ['met otherwise', { met: { by: 'tags' } }, move, 'move'],
    ['nothing to write', { met }, stay, 'stay'],
  ])('%s', (_label, known, decided, kind) => {
    expect(decide(known, decided).decision.kind).toBe(kind)
  })
})

describe('withMet', () => {
  const shown = (known: Partial<ReleaseImage>, decided: ContainerDecision) => {
    const [one] = withMet([{ ...image, ...known }], [decided])
    return `${one?.problem?.code ?? 'none'} ${one?.met?.by ?? 'document'}`
  }

  it.each<[string, Partial<ReleaseImage>, ContainerDecision, string]>([
    ['nothing wrong', {}, stay, 'none document'],
    ['no order of tags', {}, blocked('tags'), 'policy-order-ambiguous tags'],
    ['no digest', {}, blocked('digest'), 'policy-order-ambiguous digest'],
    ['an order again', { problem: other, met: { by: 'tags' } }, stay, 'none document'],
    ['an order again, and newer', { problem: other, met: { by: 'tags' } }, move, 'none document'],
    ['an order not known yet', { problem: other, met: { by: 'tags' } }, waiting, 'policy-order-ambiguous tags'],
    ['an edit tried again', { problem, met }, move, 'edit-shared edit'],
    [
      'an edit refused still',
      { problem, met },
      entry({ kind: 'blocked', problem }, { blockedBy: 'edit' }),
      'edit-shared edit',
    ],
    ['nothing to edit any more', { problem, met }, stay, 'none document'],
    ['what stands in the document', { problem }, blocked('document'), 'edit-shared document'],
  ])('%s', (_label, known, decided, expected) => {
    expect(shown(known, decided)).toBe(expected)
  })

  it('leaves containers alone that nothing was decided about', () => {
    expect(withMet([{ ...image, container: 'other', problem, met }], [stay])).toEqual([
      { ...image, container: 'other', problem, met },
    ])
  })
})
