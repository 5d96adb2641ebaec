import { describe } from 'vitest'
import { check } from './promotion-rows.fixture.ts'
import { approvals, deployed, frozen, gated, held, minute, now, pushed, tagged } from './promotion.fixture.ts'
import type { PromotionSeen } from './types.ts'

const health = (kind: PromotionSeen['health']['kind'], revision = 12): Partial<PromotionSeen> => ({
  health: { kind, revision, reason: 'pods.' },
})

describe('while it is written', () => {
  const queued: Partial<PromotionSeen> = { state: 'writing', images: [tagged], commit: { kind: 'queued' } }
  check([
    ['killed before the tag: tagged again', { state: 'writing' }, { kind: 're-tag' }],
    ['killed between tag and commit: committed', { state: 'writing', images: [tagged] }, { kind: 'write' }],
    ['in the queue of the writer', queued, { kind: 'wait', state: 'writing' }],
    [
      'killed behind the push: looked for in Git first',
      { state: 'writing', commit: { kind: 'unknown', reason: 'away.' } },
      { kind: 'wait', state: 'writing' },
    ],
    ['killed behind the push: found', { ...pushed, state: 'writing' }, { kind: 'wait', state: 'deploying' }],
    ['a freeze began', { ...queued, ...gated(frozen) }, { kind: 'withdraw', state: 'writing' }, 'sale'],
    ['taken back in the middle', { ...queued, cancelled: 'ann' }, { kind: 'withdraw' }],
    ['held in the middle', { ...queued, ...held }, { kind: 'withdraw' }, 'Held by bob'],
    ['stopped in the middle', { ...queued, stopped: 'Stopped: fire.' }, { kind: 'withdraw' }],
    ['changed in the middle', { ...queued, plan: { kind: 'ready', digest: 'plan-2' } }, { kind: 'withdraw' }],
    [
      'the plan is not known for a moment',
      { ...queued, plan: { kind: 'unknown', reason: 'x' } },
      { kind: 'wait', state: 'writing' },
    ],
    ['an approval taken back', { ...queued, ...gated(approvals) }, { kind: 'withdraw' }, 'missing'],
    ['withdrawn: waits again', { state: 'writing', ...gated(frozen) }, { kind: 'wait', state: 'waiting' }],
    [
      'the branch takes no push',
      { ...queued, commit: { kind: 'refused', reason: 'protected.' } },
      { kind: 'fail', state: 'failed' },
      'protected.',
    ],
    [
      'Git moved on',
      { ...queued, commit: { kind: 'superseded', reason: 'says 0.4.13.' } },
      { kind: 'supersede', by: 'Git' },
      '0.4.13',
    ],
  ])
})

describe('once it is written', () => {
  const running: Partial<PromotionSeen> = { ...pushed, state: 'deploying', deploy: { kind: 'running' } }
  const late: Partial<PromotionSeen> = { ...deployed, deploy: { kind: 'deployed', revision: 12, at: now - 5 * minute } }
  const back = { verify: { timeoutMs: 5 * minute, rollback: true } }
  const because = 'Never ready.'
  check([
    ['not taken up yet', pushed, { kind: 'wait', state: 'deploying' }],
    [
      'waits in the release loop',
      { ...pushed, deploy: { kind: 'waiting', reason: 'Waits for nats.' } },
      { kind: 'wait', state: 'deploying' },
      'nats',
    ],
    ['helm runs', running, { kind: 'wait', state: 'deploying' }],
    [
      'gates closing now do not matter',
      { ...running, ...gated({ ...approvals, ...frozen }), ...held, stopped: 'Stopped.' },
      { kind: 'wait', state: 'deploying' },
    ],
    [
      'the plan is another by its own commit',
      { ...running, plan: { kind: 'ready', digest: 'plan-9' } },
      { kind: 'wait', state: 'deploying' },
    ],
    ['too late to take back', { ...running, cancelled: 'ann' }, { kind: 'wait', state: 'deploying' }],
    [
      'a newer one waits for it',
      { ...running, newer: [{ id: 'pr-3', state: 'approved' }] },
      { kind: 'wait', state: 'deploying' },
    ],
    [
      'deployed, health of an older revision',
      deployed,
      { kind: 'verify', state: 'verifying', until: now + 4 * minute },
      'not known yet',
    ],
    ['deployed and healthy', { ...deployed, ...health('healthy') }, { kind: 'done', state: 'verified' }],
    ['healthy only after the deadline', { ...late, ...health('healthy') }, { kind: 'done', state: 'verified' }],
    ['coming up', { ...deployed, ...health('progressing') }, { kind: 'verify', until: now + 4 * minute }],
    ['failing may pass', { ...deployed, ...health('failing') }, { kind: 'verify' }],
    [
      'a millisecond before the deadline',
      { ...late, deploy: { kind: 'deployed', revision: 12, at: now - 5 * minute + 1 }, ...health('failing') },
      { kind: 'verify', until: now + 1 },
    ],
    ['never ready', { ...late, ...health('failing') }, { kind: 'fail', state: 'failed' }, 'within 300 s: pods.'],
    ['still coming up at the deadline', { ...late, ...health('progressing') }, { kind: 'fail' }],
    [
      'never ready, rolled back by policy',
      { ...late, ...health('failing'), ...back },
      { kind: 'rollback', state: 'verifying' },
    ],
    ['stuck: not waited for', { ...deployed, ...health('stuck') }, { kind: 'fail' }],
    ['stuck, rolled back by policy', { ...deployed, ...health('stuck'), ...back }, { kind: 'rollback' }],
    [
      'health cannot be told: nothing is taken back',
      { ...late, ...health('unknown'), ...back },
      { kind: 'verify' },
      'cannot be told',
    ],
    [
      'no judgement of this revision at the deadline',
      { ...late, ...health('failing', 11), ...back },
      { kind: 'verify' },
    ],
    [
      'would roll back, but stopped',
      { ...late, ...health('stuck'), ...back, stopped: 'Stopped: fire.' },
      { kind: 'wait', state: 'verifying' },
      'Would roll back',
    ],
    ['rolls back what is held', { ...late, ...health('stuck'), ...back, ...held }, { kind: 'rollback' }],
    [
      'helm failed, a hook',
      { ...pushed, deploy: { kind: 'failed', reason: 'hook migrate failed.' } },
      { kind: 'fail' },
      'hook migrate failed.',
    ],
    [
      'helm failed, rolled back by policy',
      { ...pushed, ...back, deploy: { kind: 'failed', reason: 'immutable field.' } },
      { kind: 'rollback', state: 'deploying' },
    ],
    [
      'blocked',
      { ...pushed, deploy: { kind: 'blocked', problem: { code: 'x', severity: 'error', message: 'No namespace.' } } },
      { kind: 'fail' },
      'No namespace.',
    ],
    [
      'replaced before it was verified',
      { ...pushed, deploy: { kind: 'superseded', by: 'op-9' } },
      { kind: 'supersede', by: 'op-9' },
    ],
    [
      'on the way back',
      { ...late, ...health('stuck'), ...back, rollback: { kind: 'under-way', operation: 'op-7', because } },
      { kind: 'wait', state: 'verifying' },
    ],
    [
      'on the way back the old revision is healthy: no verification',
      { ...deployed, ...health('healthy'), rollback: { kind: 'under-way', operation: 'op-7', because } },
      { kind: 'wait' },
    ],
    [
      'rolled back',
      { ...deployed, rollback: { kind: 'done', operation: 'op-7', because } },
      { kind: 'done', state: 'rolled-back' },
      'Never ready. Rolled back by op-7.',
    ],
    [
      'the way back failed',
      { ...deployed, rollback: { kind: 'failed', operation: 'op-7', because, reason: 'timeout.' } },
      { kind: 'fail' },
      'Never ready. The way back failed: timeout.',
    ],
    [
      'somebody else deployed something newer meanwhile: nothing of its own is left to verify',
      { ...deployed, ...health('healthy', 13) },
      { kind: 'supersede', state: 'superseded', by: 'Revision 13' },
      'before revision 12 was verified',
    ],
    [
      'something newer is failing: its way back is not ours',
      { ...late, ...health('failing', 13), ...back },
      { kind: 'supersede' },
    ],
    ['its commit left the branch', { state: 'verifying' }, { kind: 'supersede', by: 'Git' }, 'no longer in the branch'],
    [
      'Git cannot be asked',
      { state: 'verifying', commit: { kind: 'unknown', reason: 'away.' } },
      { kind: 'wait', state: 'verifying' },
    ],
    [
      'killed while deploying: verified all the same',
      { ...deployed, ...health('healthy'), state: 'approved' },
      { kind: 'done', state: 'verified' },
    ],
  ])
})
