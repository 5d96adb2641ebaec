import { describe, expect, it } from 'vitest'
import { decideTag, judgeTags, simulate, type PolicyInput, type TagFact } from './index.ts'

const at = (name: string, created: number | null | undefined, more: Partial<TagFact> = {}): TagFact => ({
  name,
  created,
  ...more,
})

describe('judgeTags', () => {
  const semver: PolicyInput = {
    policy: { kind: 'semver', expression: '~0.4' },
    current: '0.4.5',
    refused: ['0.4.9'],
    tags: ['0.4.8', '0.4.7', '0.4.5', '0.4.4', '0.5.0', '0.4.10-rc.1', '0.4.9', 'dev-abc', '20240101', 'latest']
      .map((name): TagFact => ({ name }))
      .concat({ name: '0.4.11', vanished: true }),
  }
  it.each([
    ['0.4.8', 'selected', '0.4.8 is the newest within ~0.4 (>=0.4.0, <0.5.0) and newer than 0.4.5'],
    ['0.4.7', 'outranked', '0.4.7 is within ~0.4 (>=0.4.0, <0.5.0), but 0.4.8 comes first'],
    ['0.4.5', 'current', '0.4.5 runs'],
    ['0.4.4', 'older', '0.4.4 is not newer than 0.4.5, which runs'],
    ['0.5.0', 'not-matched', '0.5.0 is outside ~0.4 (>=0.4.0, <0.5.0)'],
    ['0.4.10-rc.1', 'not-matched', '0.4.10-rc.1 is a pre-release, which ~0.4 (>=0.4.0, <0.5.0) does not name'],
    ['0.4.9', 'refused', '0.4.9 is refused by the wheelhouse.dev/refuse annotation'],
    ['dev-abc', 'unparseable', 'dev-abc is no version'],
    ['20240101', 'unparseable', '20240101 is a lone number, which counts as a version only where one runs'],
    ['latest', 'not-matched', 'latest says nothing about what it holds; only the filter glob:latest follows it'],
    ['0.4.11', 'vanished', 'the registry no longer lists 0.4.11'],
  ])('semver: %s is %s', (tag, verdict, reason) => {
    expect(judgeTags(semver).find((row) => row.tag === tag)).toEqual({ tag, verdict, reason })
  })

  const glob: PolicyInput = {
    policy: { kind: 'glob', expression: 'dev-*' },
    current: 'dev-b',
    tags: [at('dev-a', 100), at('dev-b', 200), at('dev-c', 300), at('dev-d', 400), at('dev-n', null), at('stg-a', 900)],
  }
  it.each([
    ['dev-d', 'selected'],
    ['dev-c', 'outranked'],
    ['dev-b', 'current'],
    ['dev-a', 'older'],
    ['dev-n', 'no-build-time'],
    ['stg-a', 'not-matched'],
  ])('glob: %s is %s', (tag, verdict) => {
    expect(judgeTags(glob).find((row) => row.tag === tag)?.verdict).toBe(verdict)
  })

  it('marks what is unread and chooses nothing', () => {
    const verdicts = judgeTags({ ...glob, tags: [...glob.tags, at('dev-u', undefined)] })
    expect(verdicts.find((row) => row.tag === 'dev-u')?.verdict).toBe('time-unread')
    expect(verdicts.filter((row) => row.verdict === 'selected')).toEqual([])
  })

  it('calls no member of an ambiguous order older', () => {
    const verdicts = judgeTags({ ...glob, current: 'dev-a', tags: [at('dev-a', 5), at('dev-b', 5)] })
    expect(verdicts.map((row) => row.verdict)).toEqual(['current', 'outranked'])
  })

  it.each<[string, PolicyInput]>([
    ['semver', semver],
    ['glob', glob],
  ])('selects exactly what decideTag moves to: %s', (_label, input) => {
    const decision = decideTag(input)
    const selected = judgeTags(input).filter((row) => row.verdict === 'selected')
    expect(decision).toMatchObject({ kind: 'move', tag: selected[0]?.tag })
    expect(selected).toHaveLength(1)
  })
})

describe('simulate', () => {
  it.each<
    [
      label: string,
      pattern: string,
      current: string | undefined,
      tags: Parameters<typeof simulate>[2],
      selected: string | null,
      problem: string | undefined,
    ]
  >([
    ['semver', 'semver:~0.4', '0.4.1', [{ name: '0.4.2' }], '0.4.2', undefined],
    [
      'glob with RFC 3339 times',
      'glob:dev-*',
      undefined,
      [
        { name: 'dev-a', created: '2026-01-02T00:00:00Z' },
        { name: 'dev-b', created: '2026-01-01T00:00:00Z' },
      ],
      'dev-a',
      undefined,
    ],
    [
      'a time not given blocks nobody',
      'glob:dev-*',
      undefined,
      [{ name: 'dev-a' }, { name: 'dev-b', created: 5 }],
      'dev-b',
      undefined,
    ],
    ['an unreadable time is none', 'glob:dev-*', undefined, [{ name: 'dev-a', created: 'soon' }], null, undefined],
    ['never downwards', 'semver:~0.4', '0.5.0', [{ name: '0.4.2' }], null, undefined],
    ['stays', 'semver:~0.4', '0.4.2', [{ name: '0.4.2' }], null, undefined],
    ['refused pattern', 'semver:banana', undefined, [{ name: '0.4.2' }], null, 'policy-semver-invalid'],
    [
      'ambiguous order',
      'glob:*',
      undefined,
      [
        { name: 'a', created: 5 },
        { name: 'b', created: 5 },
      ],
      null,
      'policy-order-ambiguous',
    ],
  ])('%s', (_label, pattern, current, tags, selected, problem) => {
    const simulation = simulate(pattern, current, tags)
    expect(simulation.selected).toBe(selected)
    expect(simulation.problem?.code).toBe(problem)
    expect(simulation.verdicts.map((row) => row.tag)).toEqual(tags.map((tag) => tag.name))
  })
})
