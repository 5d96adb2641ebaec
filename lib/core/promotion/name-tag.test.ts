import { describe, expect, it } from 'vitest'
import { parsePolicy, type Policy } from '../policy/index.ts'
import { chooseWay } from './choose-way.ts'
import { nameTag, tagNameProblem } from './name-tag.ts'

const policy = (text: string): Policy => {
  const parsed = parsePolicy(text)
  if (!parsed.ok) throw new Error(parsed.problem.message)
  return parsed.policy
}
const name = (
  tag: string,
  from: string | undefined,
  to: string,
  more: { known?: string[]; refused?: string[]; template?: string } = {},
): string => {
  const named = nameTag({
    application: 'podinfo',
    source: { environment: 'dev', tag, ...(from === undefined ? {} : { policy: policy(from) }) },
    target: { environment: 'stg', policy: policy(to), known: more.known ?? [], refused: more.refused ?? [] },
    ...(more.template === undefined ? {} : { template: more.template }),
  })
  return named.ok ? named.tag : `undecided: ${named.problem.message}`
}

describe('nameTag', () => {
  type Row = [
    label: string,
    tag: string,
    from: string | undefined,
    to: string,
    more: Parameters<typeof name>[3],
    want: string,
  ]
  const rows: Row[] = [
    ['prefix for prefix', 'dev-abc', 'glob:dev-*', 'glob:stg-*', {}, 'stg-abc'],
    ['another separator', 'dev.abc', 'glob:dev.*', 'glob:stg-*', {}, 'stg-abc'],
    ['suffix too', 'dev-abc-amd64', 'glob:dev-*-amd64', 'glob:stg-*.x', {}, 'stg-abc.x'],
    ['a source that takes everything', 'dev-abc', 'glob:*', 'glob:stg-*', {}, 'stg-abc'],
    ['a source without a filter', 'dev-abc', undefined, 'glob:stg-*', {}, 'stg-abc'],
    ['a source by version', '1.2.3', 'semver:~1', 'glob:stg-*', {}, 'stg-1.2.3'],
    ['a tag that is outside of its filter', 'hotfix-1', 'glob:dev-*', 'glob:stg-*', {}, 'stg-hotfix-1'],
    ['a tag that is nothing but its prefix', 'dev-', 'glob:dev-*', 'glob:stg-*', {}, 'stg-dev-'],
    ['a target that takes everything', 'dev-abc', 'glob:dev-*', 'glob:*', {}, 'stg-abc'],
    ['a target of one tag', 'dev-abc', 'glob:dev-*', 'glob:stable', {}, 'undecided: glob:stable names one tag'],
    [
      'a target with two places',
      'dev-abc',
      'glob:dev-*',
      'glob:stg-*-*',
      {},
      'undecided: glob:stg-*-* has more than one',
    ],
    [
      'the next patch',
      'stg-abc',
      'glob:stg-*',
      'semver:~0.4',
      { known: ['0.4.9', '0.4.11', '0.5.0', 'dev-a'] },
      '0.4.12',
    ],
    ['not by text', 'stg-abc', 'glob:stg-*', 'semver:~0.4', { known: ['0.4.9', '0.4.10'] }, '0.4.11'],
    ['a v stays', 'stg-abc', undefined, 'semver:~0.4', { known: ['v0.4.11'] }, 'v0.4.12'],
    ['two parts', 'stg-abc', undefined, 'semver:~0.4', { known: ['0.4'] }, '0.4.1'],
    [
      'after a pre-release its release',
      'stg-abc',
      undefined,
      'semver:>=0.4.0-0 <0.5.0',
      { known: ['0.4.12-rc.1'] },
      '0.4.12',
    ],
    [
      'a refused version is never given again',
      'stg-abc',
      undefined,
      'semver:~0.4',
      { known: ['0.4.11'], refused: ['0.4.12'] },
      '0.4.13',
    ],
    ['none known yet', 'stg-abc', undefined, 'semver:~0.4', {}, '0.4.0'],
    ['none known yet, a range', 'stg-abc', undefined, 'semver:>=1.2 <2', {}, '1.2.0'],
    [
      'none known yet, and it cannot be told',
      'stg-abc',
      undefined,
      'semver:>0.4.0',
      {},
      'undecided: No version within',
    ],
    ['one version only', 'stg-abc', undefined, 'semver:=0.4.11', { known: ['0.4.11'] }, 'undecided: No version within'],
    [
      'numbers that are no version there',
      'stg-abc',
      undefined,
      'semver:>=100',
      { known: ['151'] },
      'undecided: No version within',
    ],
    ['an expression', 'stg-abc', undefined, 'regexp:^v.*', {}, 'undecided: What a tag has to look like'],
    ['an expression that matches already', 'v-abc', undefined, 'regexp:^v.*', {}, 'v-abc'],
    ['a template', 'dev-abc', 'glob:dev-*', 'glob:stg-*', { template: 'stg-{rest}-r' }, 'stg-abc-r'],
    [
      'a template with everything',
      'v1.2.3',
      undefined,
      'glob:*',
      { template: '{application}-{environment}-{version}' },
      'podinfo-stg-v1.2.3',
    ],
    [
      'a template that needs a version',
      'dev-abc',
      undefined,
      'glob:*',
      { template: '{version}' },
      'undecided: dev-abc has no version',
    ],
    [
      'a template past the filter',
      'dev-abc',
      undefined,
      'glob:stg-*',
      { template: 'x-{tag}' },
      'undecided: x-dev-abc does not match glob:stg-*',
    ],
    ['longer than a tag may be', `dev-${'a'.repeat(124)}`, 'glob:dev-*', 'glob:staging-*', {}, 'undecided: “staging-'],
    [
      'a name that is refused',
      'dev-abc',
      'glob:dev-*',
      'glob:stg-*',
      { refused: ['stg-abc'] },
      'undecided: stg refuses stg-abc',
    ],
  ]
  it.each(rows)('%s', (_label, tag, from, to, more, want) => {
    const got = name(tag, from, to, more)
    expect(want.startsWith('undecided') ? got.slice(0, want.length) : got).toBe(want)
  })
})

describe('tagNameProblem of what a person wrote', () => {
  const target = { environment: 'prod', policy: policy('semver:~0.4'), refused: ['0.4.12'] }
  it.each([
    ['0.4.13', undefined],
    ['0.4.12', 'refuses'],
    ['0.5.0', 'does not match'],
    ['0.4.13-rc.1', 'does not match'],
    ['a b', 'no image tag'],
    ['', 'no image tag'],
  ])('%s', (tag, says) => {
    const problem = tagNameProblem(tag, target)
    expect(problem?.message.includes(says ?? '')).toBe(says === undefined ? undefined : true)
  })
})

describe('chooseWay', () => {
  const stg = { container: 'a', tag: 'dev-abc', policy: policy('glob:stg-*') }
  const open = { container: 'b', tag: 'dev-abc', policy: policy('glob:*') }
  type Way = Parameters<typeof chooseWay>[0]
  it.each<[string, Way['written'], Parameters<typeof chooseWay>[1], string, Way['asked']?]>([
    ['written', 'commit', [stg], 'commit'],
    ['asked for', 'commit', [stg], 'pull-request', 'pull-request'],
    ['another filter', undefined, [open, stg], 'retag'],
    ['the filter takes it', undefined, [open], 'commit'],
    ['no filter', undefined, [{ container: 'a', tag: 'x' }], 'commit'],
    ['no image', undefined, [], 'commit'],
  ])('%s', (_label, written, containers, want, asked) => {
    const { way, reason } = chooseWay({ asked, written }, containers)
    expect(way).toBe(want)
    expect(reason).toMatch(/\.$/)
  })
})
