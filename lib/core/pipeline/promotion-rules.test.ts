import { describe, expect, it } from 'vitest'
import { noGates } from '../gate/index.ts'
import { durationMs } from './config-fields.ts'
import { defaultRules, rulesOf } from './promotion-rules.ts'
import { readWheelhouseYaml } from './read-wheelhouse-yaml.ts'

const full = `
environments:
  - dev
  - name: stg
    from: dev
    way: retag
    tag: stg-{rest}
  - name: prod
    from: [stg, hotfix]
    way: commit
    gates:
      health: true
      soak: 1h30m
      approvals: { count: 2, roles: [admin], separate: [requester] }
      freeze:
        - reason: Weekend
          weekly: { from: Fri 18:00, to: mon 07:00 }
          zone: Europe/Berlin
        - { reason: Sale, from: 2026-11-26T00:00:00+01:00, to: 2026-12-01T00:00:00Z }
      override: [admin]
    verify: { timeout: 10m, rollback: true }
  - hotfix
`

describe('promotion rules of wheelhouse.yaml', () => {
  it('are read', () => {
    const { config, problems } = readWheelhouseYaml(full.replace('  - hotfix', '  - name: hotfix\n    from: []'))
    expect(problems).toEqual([])
    expect(config?.environments).toEqual(['dev', 'stg', 'prod', 'hotfix'])
    expect(config?.promotion).toEqual({
      stg: { from: ['dev'], way: 'retag', tag: 'stg-{rest}', ...defaultRules },
      hotfix: { from: [], ...defaultRules },
      prod: {
        from: ['stg', 'hotfix'],
        way: 'commit',
        gates: {
          health: true,
          soakMs: 5_400_000,
          approvals: { count: 2, roles: ['admin'], separate: ['requester'] },
          freeze: [
            {
              kind: 'weekly',
              from: { day: 4, minute: 1080 },
              to: { day: 0, minute: 420 },
              zone: 'Europe/Berlin',
              reason: 'Weekend',
            },
            {
              kind: 'once',
              from: Date.parse('2026-11-25T23:00:00Z'),
              to: Date.parse('2026-12-01T00:00:00Z'),
              reason: 'Sale',
            },
          ],
          override: ['admin'],
        },
        verify: { timeoutMs: 600_000, rollback: true },
      },
    })
  })

  const short: [label: string, fields: string, want: object][] = [
    [
      'a number of approvals',
      'gates: { approvals: 2 }',
      { approvals: { count: 2, roles: ['approver'], separate: ['requester', 'author'] } },
    ],
    ['approvals without a number', 'gates: { approvals: {} }', { approvals: { count: 1 } }],
    ['nobody kept apart', 'gates: { approvals: { separate: [] } }', { approvals: { separate: [] } }],
    ['checks, each once', 'gates: { checks: [ci/e2e, scan, ci/e2e] }', { checks: ['ci/e2e', 'scan'] }],
    ['gates that say nothing', 'gates: {}', { ...noGates, override: ['approver'] }],
  ]
  it.each(short)('%s', (_label, fields, want) => {
    const { config } = readWheelhouseYaml(`environments:\n  - dev\n  - name: prod\n    ${fields}\n`)
    expect(rulesOf(config ?? { promotion: {} }, 'prod').gates).toMatchObject(want)
  })

  it('are the default where nothing is said, also for a name that every object has', () => {
    expect(rulesOf({ promotion: {} }, 'constructor')).toBe(defaultRules)
    expect(readWheelhouseYaml('environments: [dev, { name: prod, deletion: off }]').config?.promotion).toEqual({})
  })

  const prod = (fields: string): string =>
    `environments:\n  - dev\n  - name: prod\n${fields.replaceAll(/^/gm, '    ')}\n`
  const bad: [label: string, text: string, place: [line: number, column: number], says: string][] = [
    ['another way', prod('way: magic'), [4, 5], 'neither commit nor retag'],
    ['a soak in words', prod('gates:\n  soak: an hour'), [5, 7], 'no duration such as 30m'],
    ['a soak without unit', prod('gates:\n  soak: 30'), [5, 7], 'no duration such as 30m'],
    ['an unknown gate', prod('gates:\n  soack: 30m'), [5, 7], 'gates.soack: is not known'],
    ['no approval at all', prod('gates:\n  approvals: 0'), [5, 7], 'approvals'],
    ['a role that may not approve', prod('gates:\n  approvals:\n    roles: [deployer]'), [6, 17], 'roles.0'],
    ['an unknown person to keep apart', prod('gates:\n  approvals:\n    separate: [committer]'), [6, 20], 'separate.0'],
    ['an unknown word about approvals', prod('gates:\n  approvals:\n    number: 2'), [6, 9], 'number'],
    [
      'a window without a reason',
      prod('gates:\n  freeze:\n    - weekly: { from: Fri 18:00, to: Mon 07:00 }\n      zone: UTC'),
      [6, 11],
      'reason',
    ],
    ['a window without times', prod('gates:\n  freeze:\n    - reason: x'), [6, 11], 'neither from and to nor weekly'],
    [
      'a window without an end',
      prod('gates:\n  freeze:\n    - reason: x\n      from: 2026-01-01T00:00:00Z'),
      [6, 11],
      'neither',
    ],
    [
      'a window that ends before it begins',
      prod('gates:\n  freeze:\n    - { reason: x, from: 2026-01-02T00:00:00Z, to: 2026-01-01T00:00:00Z }'),
      [6, 11],
      'ends before',
    ],
    [
      'a time without an offset',
      prod('gates:\n  freeze:\n    - { reason: x, from: 2026-01-02T00:00:00, to: 2026-01-03T00:00:00Z }'),
      [6, 24],
      'from',
    ],
    [
      'a weekly window without a zone',
      prod('gates:\n  freeze:\n    - { reason: x, weekly: { from: Fri 18:00, to: Mon 07:00 } }'),
      [6, 11],
      'without a zone',
    ],
    [
      'both kinds of window in one',
      prod(
        'gates:\n  freeze:\n    - { reason: x, zone: UTC, from: 2026-01-02T00:00:00Z, weekly: { from: Fri 18:00, to: Mon 07:00 } }',
      ),
      [6, 11],
      'not both',
    ],
    [
      'a zone that is none',
      prod(
        'gates:\n  freeze:\n    - reason: x\n      weekly: { from: Fri 18:00, to: Mon 07:00 }\n      zone: Europe/Atlantis',
      ),
      [8, 11],
      'no IANA time zone',
    ],
    [
      'a weekday that is none',
      prod(
        'gates:\n  freeze:\n    - reason: x\n      weekly: { from: Caturday 18:00, to: Mon 07:00 }\n      zone: UTC',
      ),
      [7, 21],
      'no time of a week',
    ],
    [
      'a weekly window of no length',
      prod('gates:\n  freeze:\n    - reason: x\n      weekly: { from: Fri 18:00, to: fri 18:00 }\n      zone: UTC'),
      [7, 11],
      'begins when it ends',
    ],
    ['a template without a part of the tag', prod('tag: stable'), [4, 5], 'the same tag'],
    ['a template with an unknown part', prod('tag: "{sha}"'), [4, 5], 'does not know {sha}'],
    ['a template with what no tag may have', prod('tag: "a/{tag}"'), [4, 5], 'no tag may have'],
    ['a source that is neither name nor list', prod('from: 3'), [4, 5], 'neither a name nor a list'],
    ['a source that is not listed', prod('from: stg'), [4, 5], 'stg is no environment of this list'],
    ['a second source that is not listed', prod('from: [dev, stg]'), [4, 17], 'stg is no environment of this list'],
    ['itself as source', prod('from: prod'), [4, 5], 'from itself'],
    ['an environment listed twice', prod('way: commit').concat('  - dev\n'), [5, 5], 'dev is listed twice'],
    ['one listed twice as a map', prod('way: commit').concat('  - name: prod\n'), [5, 5], 'prod is listed twice'],
    [
      'a circle by names alone',
      'environments:\n  - name: a\n    from: b\n  - name: b\n    from: a\n',
      [3, 5],
      'a → b → a',
    ],
    [
      'a circle closed by the order',
      'environments:\n  - name: dev\n    from: prod\n  - stg\n  - prod\n',
      [3, 5],
      'dev → stg → prod → dev',
    ],
    [
      'a soak with nothing to the left',
      'environments:\n  - name: prod\n    gates: { soak: 1h }\n',
      [3, 14],
      'promoted from nowhere',
    ],
    [
      'health of no source',
      'environments:\n  - dev\n  - name: prod\n    from: []\n    gates: { health: true }\n',
      [5, 14],
      'promoted from nowhere',
    ],
    ['an endless verification', prod('verify:\n  timeout: never'), [5, 7], 'no duration'],
  ]
  it.each(bad)('refuses %s', (_label, text, [line, column], says) => {
    const { config, problems } = readWheelhouseYaml(text)
    expect(config).toBeUndefined()
    expect(problems.map(({ message }) => message).join('\n')).toContain(says)
    expect(problems[0]).toMatchObject({ line, column, severity: 'error', path: 'wheelhouse.yaml' })
  })
})

it.each([
  ['30m', 1_800_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
  ['90s', 90_000],
])('durationMs %s', (text, want) => {
  expect(durationMs(text)).toBe(want)
})
