import { describe, expect, it } from 'vitest'
import { decidePromotion, promotionGates } from './decide-promotion.ts'
import {
  approval,
  approvals,
  base,
  deployed,
  digestB,
  frozen,
  gated,
  held,
  image,
  minute,
  now,
  pushed,
  tagged,
} from './promotion.fixture.ts'
import { promotionStates, type PromotionAction, type PromotionSeen } from './types.ts'

type Row = [
  label: string,
  seen: Partial<PromotionSeen>,
  want: { kind: PromotionAction['kind']; state?: PromotionAction['state'] } & Record<string, unknown>,
  says?: string,
]

function check(rows: Row[]): void {
  it.each(rows)('%s', (_label, seen, want, says) => {
    const action = decidePromotion({ ...base, ...seen }, now)
    expect(action).toMatchObject(want)
    expect(action.reason).toContain(says ?? '')
  })
}

const refused = (code: string): Row[2] => ({ kind: 'refuse', state: 'refused', problem: { code } })
const never = { day: 0, minute: 0 }

const health = (kind: PromotionSeen['health']['kind'], revision = 12): Partial<PromotionSeen> => ({
  health: { kind, revision, reason: 'pods.' },
})

describe('before anything is written', () => {
  check([
    ['nothing in the way: the tag first', {}, { kind: 're-tag', state: 'writing', images: [{ tag: '0.4.12' }] }],
    ['the tag is there: the commit', { images: [tagged] }, { kind: 'write', state: 'writing' }],
    ['direct commit: no tagging', { way: 'commit', images: [tagged] }, { kind: 'write' }],
    [
      'several images: only those missing',
      { images: [tagged, image({ container: 'b', tag: 'x' })] },
      { kind: 're-tag', images: [{ container: 'b' }] },
    ],
    ['nobody clicked yet', { applied: false }, { kind: 'wait', state: 'approved' }, 'waits to be applied'],
    ['an approval is missing', gated(approvals), { kind: 'wait', state: 'waiting' }, 'missing'],
    ['approved', gated(approvals, { approvals: [approval('bob')] }), { kind: 're-tag' }],
    [
      'approved by whoever asked for it',
      gated(approvals, { approvals: [approval('ann')] }),
      { kind: 'wait', state: 'waiting' },
      'asked for it',
    ],
    ['two approve at once', gated(approvals, { approvals: [approval('bob'), approval('cat')] }), { kind: 're-tag' }],
    ['frozen', gated(frozen), { kind: 'wait', state: 'waiting', until: now + minute }, 'sale'],
    [
      'a window that never opens',
      gated({ freeze: [{ kind: 'weekly', from: never, to: never, zone: 'UTC', reason: 'x' }] }),
      refused('gate-refused'),
    ],
    [
      'rejected',
      gated(approvals, { approvals: [approval('bob', { decision: 'reject' })] }),
      refused('gate-refused'),
      'bob rejected',
    ],
    ['taken back', { cancelled: 'ann' }, refused('cancelled'), 'by ann'],
    ['the environment was deleted', { target: 'gone' }, refused('target-gone')],
    ['target changed between plan and click', { plan: { kind: 'ready', digest: 'plan-2' } }, refused('plan-changed')],
    [
      'changed after approval, before it was written',
      {
        ...gated(approvals, { approvals: [approval('bob')] }),
        state: 'approved',
        plan: { kind: 'ready', digest: 'plan-2' },
      },
      refused('plan-changed'),
    ],
    [
      'changed while nobody is bound',
      { planned: { digest: 'plan-1', bound: false }, plan: { kind: 'ready', digest: 'plan-2' } },
      { kind: 'replan', state: 'planned', digest: 'plan-2' },
    ],
    [
      'the chart is gone at the source',
      {
        plan: {
          kind: 'failed',
          problem: { code: 'chart-missing', severity: 'error', message: 'charts/podinfo is gone.' },
        },
      },
      refused('chart-missing'),
    ],
    [
      'the plan cannot be made just now',
      { plan: { kind: 'unknown', reason: 'API server away.' } },
      { kind: 'wait', state: 'approved' },
      'API server away.',
    ],
    ['the target is there already', { plan: { kind: 'empty' } }, { kind: 'supersede', by: 'Git' }, 'already'],
    [
      'the tag names another digest',
      { images: [image({ tagged: { kind: 'digest', digest: digestB } })] },
      refused('tag-taken'),
    ],
    [
      'committed tag moved after approval',
      { way: 'commit', images: [image({ tagged: { kind: 'digest', digest: digestB } })] },
      refused('tag-moved'),
    ],
    ['committed tag is not there', { way: 'commit' }, refused('image-missing')],
    [
      'the image is missing in the target registry',
      { images: [image({ content: 'missing' })] },
      refused('image-missing'),
    ],
    ['no permission to push there', { images: [image({ denied: '401' })] }, refused('push-denied'), '401'],
    ['a denied push of a tag that is there', { images: [{ ...tagged, denied: '401' }] }, { kind: 'write' }],
    [
      'two images would be one tag',
      { images: [image(), image({ container: 'b', digest: digestB })] },
      refused('tag-taken'),
    ],
    [
      'the registry does not answer',
      { images: [image({ tagged: { kind: 'unknown', reason: '503.' } })] },
      { kind: 'wait', state: 'approved' },
      '503.',
    ],
    [
      'the registry does not say whether it has the image',
      { images: [image({ content: 'unknown' })] },
      { kind: 'wait' },
    ],
    [
      'a tag that was rolled back here',
      { refused: [{ container: 'chart-image', tag: '0.4.12' }] },
      refused('tag-refused'),
    ],
    ['held', held, { kind: 'wait', state: 'approved' }, 'Held by bob: audit.'],
    [
      'held, expired: holds on',
      { holds: { ...base.holds, own: { until: '2026-03-04T11:00:00Z' } } },
      { kind: 'wait' },
      'a person lifts it',
    ],
    [
      'held until',
      { holds: { ...base.holds, own: { until: '2026-03-04T13:00:00Z' } } },
      { kind: 'wait', until: now + 60 * minute },
    ],
    ['stopped', { stopped: 'Stopped: fire.' }, { kind: 'wait', state: 'approved' }, 'Stopped: fire.'],
    [
      'another is being verified',
      { older: [{ id: 'pr-1', state: 'verifying' }] },
      { kind: 'wait', state: 'approved' },
      'pr-1 is verifying',
    ],
    ['another has ended', { older: [{ id: 'pr-1', state: 'verified' }] }, { kind: 're-tag' }],
    [
      'a newer one',
      {
        newer: [
          { id: 'pr-3', state: 'planned' },
          { id: 'pr-4', state: 'planned' },
        ],
      },
      { kind: 'supersede', by: 'pr-4' },
    ],
    [
      'a newer one, while this waits',
      { ...gated(approvals), state: 'waiting', newer: [{ id: 'pr-3', state: 'planned' }] },
      { kind: 'supersede' },
    ],
    [
      'a newer one, while this is being written',
      { state: 'writing', newer: [{ id: 'pr-3', state: 'approved' }] },
      { kind: 're-tag' },
    ],
    [
      'Git does not answer',
      { commit: { kind: 'unknown', reason: 'timeout.' } },
      { kind: 'wait', state: 'approved' },
      'timeout.',
    ],
    [
      'everything it waits for is told at once, and the first time counts',
      { ...gated({ ...approvals, ...frozen }), ...held, stopped: 'Stopped: fire.' },
      { kind: 'wait', state: 'waiting', until: now + minute },
      'missing. prod is frozen until 2026-03-04T12:01:00Z: sale (2026-03-04T11:59:00Z to 2026-03-04T12:01:00Z). Held by bob: audit. Stopped: fire.',
    ],
  ])
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

describe('what Git says already', () => {
  const through: Partial<PromotionSeen> = { way: 'let-through', images: [tagged] }
  check([
    ['waits at the gates', { ...through, ...gated(approvals) }, { kind: 'wait', state: 'waiting' }],
    ['is let through', through, { kind: 'let-through', state: 'deploying' }],
    [
      'its own commit is not looked at',
      { ...through, commit: { kind: 'pushed', commit: 'c' }, ...gated(frozen) },
      { kind: 'wait', state: 'waiting' },
    ],
    [
      'is not held where the push edits the document',
      { ...through, ...held, heldAs: 'document-edit' },
      { kind: 'let-through' },
    ],
    ['is held where the chart changed', { ...through, ...held, heldAs: 'chart' }, { kind: 'wait' }],
    ['names a tag that is not there', { ...through, images: [image()] }, refused('image-missing')],
    ['is something else by now', { ...through, plan: { kind: 'moved' } }, { kind: 'supersede' }],
    ['was taken back in Git', { ...through, plan: { kind: 'empty' } }, { kind: 'supersede' }],
    [
      'changed again in Git',
      { ...through, planned: { digest: 'plan-1', bound: false }, plan: { kind: 'ready', digest: 'plan-2' } },
      { kind: 'replan' },
    ],
    [
      'is deployed',
      { ...through, state: 'deploying', deploy: { kind: 'running' } },
      { kind: 'wait', state: 'deploying' },
    ],
    [
      'is verified',
      { ...through, ...deployed, way: 'let-through', health: { kind: 'healthy', revision: 12, reason: '' } },
      { kind: 'done', state: 'verified' },
    ],
  ])
})

describe('ended', () => {
  it.each(promotionStates.slice(6))('%s stays so, whatever is seen', (state) => {
    for (const seen of [{}, pushed, deployed, { target: 'gone' as const }]) {
      expect(decidePromotion({ ...base, ...seen, state, reason: 'because' }, now)).toEqual({
        kind: 'done',
        state,
        reason: 'because',
      })
    }
  })
})

it('evaluates gates and holds from now alone, whichever way the clock was set', () => {
  const seen = { ...base, ...gated({ ...frozen, soakMs: 60 * minute }) }
  const kinds = [now, now + minute, now - 2 * minute, now].map((at) => decidePromotion(seen, at).kind)
  expect(kinds).toEqual(['wait', 're-tag', 'wait', 'wait'])
  expect(promotionGates(seen, now).map(({ verdict }) => verdict)).toEqual(['passed', 'waiting'])
})
