import { describe, expect, it } from 'vitest'
import { decidePromotion, promotionGates } from './decide-promotion.ts'
import { base, image, minute, now, tagged } from './promotion.fixture.ts'
import { recordStep } from './record-step.ts'
import { promotionBringing, reservedContainers } from './reservation.ts'
import { hasEnded, type PromotionAction, type PromotionSeen, type PromotionStep } from './types.ts'

/** A registry, a branch and a cluster that remember, and a record that a crash may leave behind them. */
interface World {
  seen: PromotionSeen
  steps: PromotionStep[]
  effects: string[]
}

function begin(more: Partial<PromotionSeen>): World {
  return { seen: { ...base, ...more }, steps: [], effects: [] }
}

function act(world: World, action: PromotionAction): void {
  const { seen } = world
  const effect = (name: string, change: Partial<PromotionSeen>): void => {
    world.effects.push(name)
    Object.assign(seen, change)
  }
  switch (action.kind) {
    case 're-tag':
      return effect('re-tag', { images: [tagged] })
    case 'write':
      return effect('commit', { commit: { kind: 'pushed', commit: 'c1' } })
    case 'rollback':
      return effect('rollback', { rollback: { kind: 'done', operation: 'op-7', because: action.reason } })
    case 'let-through':
    case 'wait':
    case 'verify':
    case 'replan':
    case 'withdraw':
    case 'supersede':
    case 'refuse':
    case 'fail':
    case 'done':
      return undefined
  }
}

/** The cluster does its part between two looks. */
function pass(world: World, healthy: boolean): void {
  const { seen } = world
  const taken = seen.commit.kind === 'pushed' || seen.state === 'deploying'
  if (taken && seen.deploy.kind === 'none') seen.deploy = { kind: 'running' }
  else if (seen.deploy.kind === 'running') seen.deploy = { kind: 'deployed', revision: 12, at: now }
  else if (seen.deploy.kind === 'deployed')
    seen.health = { kind: healthy ? 'healthy' : 'stuck', reason: 'pods.', revision: 12 }
}

/** Looks, records, acts, looks again; at look number `crash` it dies before recording, between the two, or behind both. */
function run(world: World, healthy: boolean, crash?: { look: number; when: 'before' | 'between' | 'behind' }): World {
  for (let look = 0; look < 30 && !hasEnded(world.seen.state); look += 1) {
    const action = decidePromotion(world.seen, now)
    const dies = crash?.look === look ? crash.when : undefined
    if (dies === 'before') continue
    world.steps = recordStep(world.steps, action, promotionGates(world.seen, now), now + look)
    Object.assign(world.seen, { state: action.state, reason: action.reason })
    if (dies === 'between') continue
    act(world, action)
    if (dies === 'behind') continue
    pass(world, healthy)
  }
  return world
}

const crashes = Array.from({ length: 8 }, (_, look) => look).flatMap((look) =>
  (['before', 'between', 'behind'] as const).map((when) => ({ look, when })),
)

describe('a promotion from beginning to end', () => {
  it('goes through its states, each with time and reason', () => {
    const { steps, effects } = run(begin({}), true)
    expect(effects).toEqual(['re-tag', 'commit'])
    expect(steps.map(({ state }) => state)).toEqual(['writing', 'deploying', 'verifying', 'verified'])
    expect(steps.every(({ reason, at }) => reason !== '' && at >= now)).toBe(true)
  })

  it.each(crashes)('killed at look $look, $when: the same effects once, the same end', (crash) => {
    const { seen, effects } = run(begin({}), true, crash)
    expect(effects).toEqual(['re-tag', 'commit'])
    expect(seen.state).toBe('verified')
  })

  it.each(crashes)('rolled back, killed at look $look, $when', (crash) => {
    const { seen, effects } = run(begin({ verify: { timeoutMs: minute, rollback: true } }), false, crash)
    expect(effects).toEqual(['re-tag', 'commit', 'rollback'])
    expect(seen.state).toBe('rolled-back')
  })

  it.each(crashes)('let through, killed at look $look, $when', (crash) => {
    const { seen, effects } = run(begin({ way: 'let-through', images: [tagged] }), true, crash)
    expect(effects).toEqual([])
    expect(seen.state).toBe('verified')
  })

  it('ends once: after its end nothing is recorded', () => {
    const world = run(begin({}), true)
    const action = decidePromotion(world.seen, now + minute)
    expect(recordStep(world.steps, action, [], now + minute).map(({ at }) => at)).toEqual(
      world.steps.map(({ at }) => at),
    )
  })
})

describe('recordStep', () => {
  it('keeps the time of a state and takes its last reason', () => {
    const first = recordStep([], { state: 'waiting', reason: 'a' }, [], 1)
    expect(recordStep(first, { state: 'waiting', reason: 'b' }, [], 2)).toEqual([
      { state: 'waiting', at: 1, reason: 'b', gates: [] },
    ])
    expect(recordStep(first, { state: 'approved', reason: 'c' }, [], 2)).toHaveLength(2)
  })
})

describe('reservation', () => {
  const promotion = {
    id: 'pr-1',
    release: 'rel-1',
    state: 'writing' as const,
    images: [image(), image({ container: 'b', tag: 'x' })],
  }
  const tag = [{ container: 'chart-image', tag: '0.4.12' }]
  it('takes the containers of what is being written', () => {
    expect([...reservedContainers([promotion], 'rel-1').keys()]).toEqual(['chart-image', 'b'])
    expect(reservedContainers([promotion], 'rel-2').size).toBe(0)
    expect(reservedContainers([{ ...promotion, state: 'waiting' }], 'rel-1').size).toBe(0)
  })
  it.each([
    ['the same tag', [promotion], 'rel-1', tag, 'pr-1'],
    ['in another release', [promotion], 'rel-2', tag, undefined],
    ['another tag', [promotion], 'rel-1', [{ container: 'b', tag: 'y' }], undefined],
    ['one that has ended', [{ ...promotion, state: 'failed' as const }], 'rel-1', tag, undefined],
  ])('knows which promotion brings a tag: %s', (_label, promotions, release, tags, want) => {
    expect(promotionBringing(promotions, release, tags)).toBe(want)
  })
})
