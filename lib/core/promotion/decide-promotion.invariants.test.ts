import { describe, expect, it } from 'vitest'
import { summariseGates } from '../gate/index.ts'
import { judgeHolds } from '../hold/index.ts'
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
  tagged,
} from './promotion.fixture.ts'
import { hasEnded, promotionStates, type PromotionAction, type PromotionSeen } from './types.ts'

const choices: { [K in keyof PromotionSeen]?: readonly PromotionSeen[K][] } = {
  state: promotionStates,
  way: ['commit', 'retag', 'let-through', 'pull-request'],
  target: ['there', 'there', 'there', 'gone'],
  planned: [
    { digest: 'plan-1', bound: true },
    { digest: 'plan-1', bound: false },
  ],
  plan: [
    { kind: 'ready', digest: 'plan-1' },
    { kind: 'ready', digest: 'plan-1' },
    { kind: 'ready', digest: 'plan-2' },
    { kind: 'empty' },
    { kind: 'moved' },
    { kind: 'unknown', reason: 'away.' },
    { kind: 'failed', problem: { code: 'x', severity: 'error', message: 'Does not render.' } },
  ],
  applied: [true, true, false],
  images: [
    [tagged],
    [tagged],
    [image()],
    [image({ tagged: { kind: 'digest', digest: digestB } })],
    [image({ denied: '401' })],
    [],
  ],
  refused: [[], [], [{ container: 'chart-image', tag: '0.4.12' }]],
  gates: [
    base.gates,
    gated(approvals).gates ?? base.gates,
    gated(approvals, { approvals: [approval('bob')] }).gates ?? base.gates,
    gated(frozen).gates ?? base.gates,
    gated({ soakMs: minute }, { sources: [] }).gates ?? base.gates,
  ],
  holds: [base.holds, base.holds, held.holds ?? base.holds],
  heldAs: ['promotion', 'document-edit'],
  stopped: [undefined, undefined, 'Stopped: fire.'],
  older: [[], [], [{ id: 'pr-1', state: 'verifying' }], [{ id: 'pr-1', state: 'verified' }]],
  newer: [[], [], [{ id: 'pr-3', state: 'approved' }]],
  commit: [
    { kind: 'none' },
    { kind: 'queued' },
    { kind: 'proposed', merging: false },
    { kind: 'proposed', pullRequest: { number: 7, url: 'https://git.example/7' }, problem: 'conflicts', merging: true },
    { kind: 'pushed', commit: 'c1' },
    { kind: 'pushed', commit: 'c1' },
    { kind: 'refused', reason: 'protected.' },
    { kind: 'superseded', reason: 'moved.' },
    { kind: 'unknown', reason: 'away.' },
  ],
  deploy: [
    { kind: 'none' },
    { kind: 'waiting', reason: 'nats.' },
    { kind: 'running' },
    { kind: 'deployed', revision: 12, at: now - minute },
    { kind: 'deployed', revision: 12, at: now - 9 * minute },
    { kind: 'failed', reason: 'hook.' },
    { kind: 'blocked', problem: { code: 'x', severity: 'error', message: 'No namespace.' } },
    { kind: 'superseded', by: 'op-9' },
  ],
  health: (['healthy', 'progressing', 'failing', 'stuck', 'unknown'] as const).flatMap((kind) => [
    { kind, reason: 'pods.', revision: 12 },
    { kind, reason: 'pods.', revision: 11 },
  ]),
  verify: [
    { timeoutMs: 5 * minute, rollback: true },
    { timeoutMs: 5 * minute, rollback: false },
  ],
  rollback: [
    { kind: 'none' },
    { kind: 'none' },
    { kind: 'under-way', operation: 'op-7', because: 'Pods.' },
    { kind: 'done', operation: 'op-7', because: 'Pods.' },
    { kind: 'failed', operation: 'op-7', because: 'Pods.', reason: 'x.' },
  ],
}

/** Park and Miller; the seed is the row's label. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647
    return state % sides
  }
}

/** A promotion about to be written, or deployed, in any state, with up to eight things otherwise than usual. */
function somethingSeen(seed: number): PromotionSeen {
  const roll = dice(seed * 7_919 + 17)
  const keys = Object.entries(choices)
  const others = Array.from({ length: roll(9) }, () => keys[roll(keys.length)] ?? keys[0])
  const changed = [...others, keys.find(([key]) => key === 'state')]
  const chosen = changed.flatMap((entry) => (entry ? [[entry[0], entry[1][roll(entry[1].length)]]] : []))
  const usual =
    roll(2) === 0 ? {} : { ...deployed, health: { kind: 'healthy' as const, reason: 'pods.', revision: 12 } }
  return { ...base, ...usual, ...(Object.fromEntries(chosen) as Partial<PromotionSeen>) }
}

const seeds = Array.from({ length: 30_000 }, (_, index) => index + 1)
const all = seeds.map((seed) => {
  const seen = somethingSeen(seed)
  return { seed, seen, action: decidePromotion(seen, now) }
})
type Case = (typeof all)[number]

/** Seeds of the cases of some kind that break the rule, and that there were such cases. */
function breaking(applies: (one: Case) => boolean, holds: (one: Case) => boolean): number[] {
  const cases = all.filter(applies)
  expect(cases.length).toBeGreaterThan(20)
  return cases.filter((one) => !holds(one)).map(({ seed }) => seed)
}

const acts: PromotionAction['kind'][] = ['re-tag', 'write', 'let-through']
const isWritten = ({ way, state, commit }: PromotionSeen): boolean =>
  way === 'let-through' ? state === 'deploying' || state === 'verifying' : commit.kind === 'pushed'

describe('whatever is seen', () => {
  const rules: [label: string, applies: (one: Case) => boolean, holds: (one: Case) => boolean][] = [
    ['there is a reason', () => true, ({ action }) => action.reason.length > 3],
    [
      'the same sight gives the same action',
      () => true,
      ({ seen, action }) => JSON.stringify(decidePromotion(structuredClone(seen), now)) === JSON.stringify(action),
    ],
    [
      'what has ended stays so',
      ({ seen }) => hasEnded(seen.state),
      ({ seen, action }) => action.kind === 'done' && action.state === seen.state,
    ],
    [
      'a time to look again lies ahead',
      ({ action }) => 'until' in action && action.until !== undefined,
      ({ action }) => 'until' in action && (action.until ?? 0) > now,
    ],
    [
      'nothing is written with a gate that is not open',
      ({ action }) => acts.includes(action.kind),
      ({ seen }) => summariseGates(promotionGates(seen, now)).kind === 'open',
    ],
    [
      'nothing is written under a hold, but what the hold lets pass',
      ({ action }) => acts.includes(action.kind),
      ({ seen }) => seen.heldAs === 'document-edit' || judgeHolds(seen.holds, now).kind === 'free',
    ],
    [
      'nothing is written or rolled back under a stop',
      ({ action }) => [...acts, 'rollback'].includes(action.kind),
      ({ seen }) => seen.stopped === undefined,
    ],
    [
      'nothing is written while another is under way',
      ({ action }) => acts.includes(action.kind),
      ({ seen }) => seen.older.every(({ state }) => hasEnded(state)),
    ],
    [
      'nothing is written but the very plan that was applied',
      ({ action }) => acts.includes(action.kind),
      ({ seen }) => seen.applied && seen.plan.kind === 'ready' && seen.plan.digest === seen.planned.digest,
    ],
    [
      'nothing is written that is refused, or to what is gone',
      ({ action }) => acts.includes(action.kind),
      ({ seen }) => seen.refused.length === 0 && seen.target === 'there',
    ],
    [
      'what is refused or fails says what to do',
      ({ seen, action }) => (action.kind === 'refuse' || action.kind === 'fail') && seen.plan.kind !== 'failed',
      ({ action }) => /(Promote|Push|Look|Restore|Choose|Store|Give|Override|Roll) .+\.$/.test(action.reason),
    ],
    [
      'no tag is put where it names another digest',
      ({ action }) => action.kind === 're-tag',
      ({ seen }) => seen.images.every(({ tagged: { kind } }) => kind === 'absent'),
    ],
    [
      'what is written never goes back before the commit',
      ({ seen }) => isWritten(seen) && !hasEnded(seen.state),
      ({ action }) => !['planned', 'waiting', 'approved', 'writing', 'refused'].includes(action.state),
    ],
    [
      'what is written is decided alike, whatever was recorded before a crash',
      ({ seen }) =>
        (seen.way === 'commit' || seen.way === 'retag') && seen.commit.kind === 'pushed' && !hasEnded(seen.state),
      ({ seen, action }) =>
        promotionStates
          .slice(0, 6)
          .every((state) => JSON.stringify(decidePromotion({ ...seen, state }, now)) === JSON.stringify(action)),
    ],
    [
      'a pull request merged before its gates were open goes past none of them',
      ({ seen }) => seen.way === 'pull-request' && seen.commit.kind === 'pushed' && seen.state === 'waiting',
      ({ action }) => action.kind === 'supersede',
    ],
    [
      'a pull request is opened once, and under no stop',
      ({ action }) => action.kind === 'propose',
      ({ seen }) => seen.way === 'pull-request' && seen.commit.kind === 'none' && seen.stopped === undefined,
    ],
    [
      'verified is only what is deployed and healthy in that revision, and not on its way back',
      ({ seen, action }) => action.state === 'verified' && !hasEnded(seen.state),
      ({ seen }) =>
        isWritten(seen) &&
        seen.deploy.kind === 'deployed' &&
        seen.health.kind === 'healthy' &&
        seen.health.revision === seen.deploy.revision &&
        seen.rollback.kind === 'none',
    ],
    [
      'only a policy rolls back',
      ({ action }) => action.kind === 'rollback',
      ({ seen }) => seen.verify.rollback && seen.rollback.kind === 'none',
    ],
    [
      'a newer one replaces only what is not written',
      ({ action }) => action.kind === 'supersede' && action.by === 'pr-3',
      ({ seen }) => !isWritten(seen) && seen.state !== 'writing',
    ],
  ]
  it.each(rules)('%s', (_label, applies, holds) => {
    expect(breaking(applies, holds)).toEqual([])
  })
})
