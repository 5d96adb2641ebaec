import { expect, it } from 'vitest'
import { readyCondition } from './ready-condition.ts'

const judged = {
  phase: 'deployed',
  reason: 'Revision 3 is what Git says.',
  phaseSince: 1_000,
  health: 'healthy' as const,
  healthReason: '1 workload is ready.',
  healthSince: 2_000,
}

const rows: [label: string, more: Partial<Parameters<typeof readyCondition>[0]>, status: string, reason: string][] = [
  ['deployed and healthy', {}, 'True', 'Deployed'],
  ['its pods are coming up', { health: 'progressing' }, 'True', 'Deployed'],
  ['nothing known of its pods', { health: 'unknown' }, 'True', 'Deployed'],
  ['failing', { health: 'failing', healthReason: 'crash' }, 'False', 'Failing'],
  ['stuck', { health: 'stuck', healthReason: 'does not move' }, 'False', 'Stuck'],
  ['not deployed', { phase: 'rolling-back' }, 'False', 'RollingBack'],
  ['not deployed and failing', { phase: 'failed', health: 'failing' }, 'False', 'Failed'],
]
it.each(rows)('%s', (_label, more, status, reason) => {
  expect(readyCondition({ ...judged, ...more })).toMatchObject({ type: 'Ready', status, reason })
})

it('says why and since when its workloads are in trouble', () => {
  const stuck = { ...judged, health: 'stuck' as const, healthReason: 'does not move', healthSince: 5_000 }
  expect(readyCondition(stuck)).toMatchObject({
    message: 'does not move',
    lastTransitionTime: '1970-01-01T00:00:05.000Z',
  })
})
