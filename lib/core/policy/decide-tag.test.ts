import { describe, expect, it } from 'vitest'
import { decideTag, parsePolicy, tagsNeedingTime, type PolicyInput, type TagFact } from './index.ts'

const t = (day: number) => Date.UTC(2026, 0, day)
const fact = (name: string, day?: number | null, more: Partial<TagFact> = {}): TagFact => ({
  name,
  ...(day === undefined ? {} : { created: day === null ? null : t(day) }),
  ...more,
})
const names = (...tags: string[]) => tags.map((name) => fact(name))

function decide(pattern: string, current: string | undefined, tags: TagFact[], more: Partial<PolicyInput> = {}) {
  const parsed = parsePolicy(pattern)
  if (!parsed.ok) throw new Error(parsed.problem.message)
  const decision = decideTag({ policy: parsed.policy, current, tags, ...more })
  switch (decision.kind) {
    case 'move':
      return decision.tag
    case 'blocked':
      return decision.problem.code
    default:
      return decision.kind
  }
}

describe('decideTag by version', () => {
  it.each<[label: string, pattern: string, current: string | undefined, tags: TagFact[], expected: string]>([
    ['moves to the best match', 'semver:~0.4', '0.4.10', names('0.4.11', '0.4.9', '0.5.0'), '0.4.11'],
    ['precedence, not text order', 'semver:~0.4', '0.4.8', names('0.4.9', '0.4.10'), '0.4.10'],
    ['stays at the best match', 'semver:~0.4', '0.4.11', names('0.4.11', '0.4.10'), 'stay'],
    ['never downwards', 'semver:~0.4', '0.4.12', names('0.4.11', '0.4.10'), 'stay'],
    ['outside the filter and newer: stays', 'semver:~0.4', '0.5.0', names('0.4.11', '0.5.0'), 'stay'],
    ['outside the filter and older: moves', 'semver:~0.4', '0.3.9', names('0.4.11', '0.3.9'), '0.4.11'],
    ['current tag deleted, still counts', 'semver:~0.4', '0.4.12', names('0.4.11'), 'stay'],
    ['current tag deleted, something newer', 'semver:~0.4', '0.4.12', names('0.4.13'), '0.4.13'],
    ['nothing matches', 'semver:~0.4', '0.4.1', names('dev-a', '0.5.0'), 'stay'],
    ['equal precedence is not newer', 'semver:^1', '1.10', names('1.10', '1.10.0'), 'stay'],
    ['tie goes to the greater name', 'semver:^1', '1.9', names('1.10', '1.10.0'), '1.10.0'],
    ['no tag written yet', 'semver:~0.4', undefined, names('0.4.1', '0.4.2'), '0.4.2'],
    ['pre-releases are not chosen', 'semver:~0.4', '0.4.1', names('0.4.2-rc.1'), 'stay'],
    ['pre-releases named by the filter are', 'semver:>=0.4.0-0', '0.4.1', names('0.4.2-rc.1'), '0.4.2-rc.1'],
    ['from a pre-release to its release', 'semver:>=0.4.0-0', '0.4.2-rc.1', names('0.4.2', '0.4.2-rc.1'), '0.4.2'],
    ['lone integer beside versions is none', 'semver:*', '1.0.0', names('20240101', '1.0.1'), '1.0.1'],
    ['all-digit commit is none', 'semver:*', '1.0.0', names('1234567'), 'stay'],
    ['lone integers where one runs', 'semver:*', '20240101', names('20240102', '20231231'), '20240102'],
    ['latest never', 'semver:*', '1.0.0', names('latest', 'LATEST'), 'stay'],
    ['current is no version', 'semver:~0.4', 'dev-abc', names('0.4.1'), 'policy-order-unknown'],
    ['current is no version, nothing to move to', 'semver:~0.4', 'dev-abc', names('dev-b'), 'stay'],
    ['vanished tags are not chosen', 'semver:~0.4', '0.4.1', [fact('0.4.2', undefined, { vanished: true })], 'stay'],
    ['times play no part', 'semver:~0.4', '0.4.1', [fact('0.4.2', 1), fact('0.4.1', 9)], '0.4.2'],
    ['tag of 300 characters', 'semver:>=1.0.0-0', '1.0.0', names(`1.0.1-${'a'.repeat(294)}`), 'stay'],
  ])('%s', (_label, pattern, current, tags, expected) => {
    expect(decide(pattern, current, tags)).toBe(expected)
  })

  it('never chooses a refused tag', () => {
    const tags = names('2.0.0', '2.0.1', '2.0.2')
    expect(decide('semver:^2', '2.0.0', tags, { refused: ['2.0.2'] })).toBe('2.0.1')
    expect(decide('semver:^2', '2.0.0', tags, { refused: ['2.0.1', '2.0.2'] })).toBe('stay')
  })
})

describe('decideTag by time', () => {
  it.each<[label: string, pattern: string, current: string | undefined, tags: TagFact[], expected: string]>([
    ['glob: latest match', 'glob:dev-*', 'dev-a', [fact('dev-a', 1), fact('dev-b', 3), fact('dev-c', 2)], 'dev-b'],
    ['glob: other tags play no part', 'glob:dev-*', 'dev-a', [fact('dev-a', 1), fact('stg-b', 3)], 'stay'],
    ['regexp: latest match', 'regexp:^0.6.*', '0.6.1', [fact('0.6.1', 1), fact('0.6.0', 2), fact('0.7.0', 3)], '0.6.0'],
    ['stays at the latest', 'glob:dev-*', 'dev-b', [fact('dev-a', 1), fact('dev-b', 3)], 'stay'],
    ['outside the filter and newer: stays', 'glob:dev-*', 'hot-1', [fact('hot-1', 5), fact('dev-b', 3)], 'stay'],
    ['outside the filter and older: moves', 'glob:dev-*', 'hot-1', [fact('hot-1', 2), fact('dev-b', 3)], 'dev-b'],
    ['no tag written yet', 'glob:dev-*', undefined, [fact('dev-a', 1), fact('dev-b', 3)], 'dev-b'],
    ['tag of 300 characters', 'glob:*', 'dev-a', [fact('dev-a', 1), fact('d'.repeat(300), 3)], 'stay'],
    ['latest never', 'glob:*', 'dev-a', [fact('dev-a', 1), fact('latest', 5), fact('Latest', 6)], 'stay'],
    ['latest by exactly glob:latest', 'glob:latest', 'dev-a', [fact('dev-a', 1), fact('latest', 5)], 'latest'],
    ['latest not by a regexp', 'regexp:^latest$', 'dev-a', [fact('dev-a', 1), fact('latest', 5)], 'stay'],
    [
      'a tag without time blocks nobody',
      'glob:dev-*',
      'dev-a',
      [fact('dev-a', 1), fact('dev-b', null), fact('dev-c', 2)],
      'dev-c',
    ],
    ['a tag without time is never chosen', 'glob:dev-*', 'dev-a', [fact('dev-a', 1), fact('dev-b', null)], 'stay'],
    ['nothing has a time', 'glob:dev-*', 'dev-a', [fact('dev-a', null), fact('dev-b', null)], 'stay'],
    ['current has no time', 'glob:dev-*', 'dev-a', [fact('dev-a', null), fact('dev-b', 2)], 'policy-order-unknown'],
    ['current deleted and never recorded', 'glob:dev-*', 'dev-x', [fact('dev-b', 2)], 'policy-order-unknown'],
    [
      'equal build times of different images',
      'glob:dev-*',
      'dev-a',
      [fact('dev-a', 1), fact('dev-b', 2), fact('dev-c', 2)],
      'policy-order-ambiguous',
    ],
    [
      'every image from 1970',
      'glob:*',
      'a',
      ['a', 'b'].map((name) => ({ name, created: 0 })),
      'policy-order-ambiguous',
    ],
    [
      'equal times older than what runs',
      'glob:dev-*',
      'dev-a',
      [fact('dev-a', 3), fact('dev-b', 2), fact('dev-c', 2)],
      'stay',
    ],
    [
      'equal time, one image under two tags',
      'glob:dev-*',
      'dev-a',
      [fact('dev-a', 1), fact('dev-c', 2, { digest: 'd' }), fact('dev-b', 2, { digest: 'd' })],
      'dev-b',
    ],
    [
      'equal time, the same image runs',
      'glob:dev-*',
      'dev-c',
      [fact('dev-c', 2, { digest: 'd' }), fact('dev-b', 2, { digest: 'd' })],
      'stay',
    ],
    ['equal time as a current tag outside', 'glob:dev-*', 'hot', [fact('hot', 2), fact('dev-b', 2)], 'stay'],
    [
      'promotion time counts when later',
      'glob:stg-*',
      'stg-b',
      [fact('stg-b', 5), fact('stg-a', 1, { promotedAt: t(6) })],
      'stg-a',
    ],
    [
      'build time counts when later',
      'glob:stg-*',
      'stg-b',
      [fact('stg-b', 5), fact('stg-a', 6, { promotedAt: t(1) })],
      'stg-a',
    ],
    [
      'promotion gives a time to a tag without one',
      'glob:stg-*',
      'stg-b',
      [fact('stg-b', 5), fact('stg-a', null, { promotedAt: t(6) })],
      'stg-a',
    ],
    [
      'vanished tags are not chosen',
      'glob:dev-*',
      'dev-a',
      [fact('dev-a', 1), fact('dev-b', 2, { vanished: true })],
      'stay',
    ],
    [
      'an unread vanished tag is not waited for',
      'glob:dev-*',
      'dev-a',
      [fact('dev-a', 1), fact('dev-b', undefined, { vanished: true })],
      'stay',
    ],
    [
      'an unread match is waited for',
      'glob:dev-*',
      'dev-a',
      [fact('dev-a', 1), fact('dev-b', 2), fact('dev-c')],
      'waiting',
    ],
    [
      'an unread tag that does not match is not',
      'glob:dev-*',
      'dev-a',
      [fact('dev-a', 1), fact('dev-b', 2), fact('x')],
      'dev-b',
    ],
    ['an unread current tag outside is waited for', 'glob:dev-*', 'hot', [fact('hot'), fact('dev-b', 2)], 'waiting'],
  ])('%s', (_label, pattern, current, tags, expected) => {
    expect(decide(pattern, current, tags)).toBe(expected)
  })

  it.each<[label: string, recorded: TagFact, expected: string]>([
    ['recorded as newer: stays', fact('dev-x', 5), 'stay'],
    ['recorded as older: moves', fact('dev-x', 1), 'dev-b'],
    ['recorded as promoted later: stays', fact('dev-x', 1, { promotedAt: t(9) }), 'stay'],
  ])('current tag deleted, %s', (_label, currentFact, expected) => {
    expect(decide('glob:dev-*', 'dev-x', [fact('dev-b', 2)], { currentFact })).toBe(expected)
  })

  it('a refused tag is neither chosen nor waited for', () => {
    const tags = [fact('dev-a', 1), fact('dev-b', 2), fact('dev-c'), fact('dev-d', 9)]
    expect(decide('glob:dev-*', 'dev-a', tags, { refused: ['dev-c', 'dev-d'] })).toBe('dev-b')
  })

  it('says how far the reading is', () => {
    const tags = Array.from({ length: 40 }, (_, index) => fact(`dev-${index}`, index < 12 ? 1 : undefined))
    const decision = decideTag({ policy: { kind: 'glob', expression: 'dev-*' }, tags })
    expect(decision).toMatchObject({ kind: 'waiting', reason: 'reading build times 12 of 40', read: 12, of: 40 })
  })
})

describe('decideTag', () => {
  it('an invalid policy never matches everything', () => {
    const decision = decideTag({ policy: { kind: 'semver', expression: 'banana' }, current: '1', tags: names('2.0.0') })
    expect(decision).toMatchObject({ kind: 'blocked', problem: { code: 'policy-semver-invalid' } })
  })

  it('tells why it moves', () => {
    const decision = decideTag({
      policy: { kind: 'semver', expression: '~0.4' },
      current: '0.4.1',
      tags: names('0.4.2'),
    })
    expect(decision).toMatchObject({ reason: '0.4.2 is the newest within ~0.4 (>=0.4.0, <0.5.0) and newer than 0.4.1' })
  })
})

describe('tagsNeedingTime', () => {
  const tags = [
    fact('dev-a'),
    fact('dev-b', 1),
    fact('dev-c', null),
    fact('stg-a'),
    fact('latest'),
    fact('dev-v', undefined, { vanished: true }),
  ]
  it.each<[label: string, pattern: string, current: string | undefined, expected: string[]]>([
    ['glob: matching and never read', 'glob:dev-*', undefined, ['dev-a']],
    ['regexp: matching and never read', 'regexp:-a$', undefined, ['dev-a', 'stg-a']],
    ['semver reads none', 'semver:*', undefined, []],
    ['the running tag too', 'glob:dev-*', 'stg-a', ['dev-a', 'stg-a']],
    ['latest is not read', 'glob:*', undefined, ['dev-a', 'stg-a']],
  ])('%s', (_label, pattern, current, expected) => {
    const parsed = parsePolicy(pattern)
    expect(parsed.ok && tagsNeedingTime(parsed.policy, tags, current)).toEqual(expected)
  })
})
