import { describe, expect, it } from 'vitest'
import { decidePromotion, promotionGates } from './decide-promotion.ts'
import { check, type Row } from './promotion-rows.fixture.ts'
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
import { promotionStates, type PromotionSeen } from './types.ts'

const refused = (code: string): Row[2] => ({ kind: 'refuse', state: 'refused', problem: { code } })
const never = { day: 0, minute: 0 }

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
