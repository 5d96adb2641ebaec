import { describe, expect, it } from 'vitest'
import type { ReleaseImage, TagRecord } from '#lib/ports/store/index.ts'
import { judgeContainer } from './judge-container.ts'

const image = (policy: string | undefined, tag: string): ReleaseImage => ({
  container: 'chart-image',
  image: `podinfo:${tag}`,
  repository: 'index.docker.io/stefanprodan/podinfo',
  tag,
  policy,
  automated: true,
})
const tag = (name: string, created: number | null): TagRecord => ({ repository: 'r', name, created, firstSeenAt: 0 })

describe('judgeContainer', () => {
  const tags = [tag('dev-a', 1000), tag('stg-a', 3000), tag('dev-b', 2000), tag('dev-none', null)]

  it('lists the newest build first, those without a time last', () => {
    expect(judgeContainer(image('glob:dev-*', 'dev-a'), tags).tags.map(({ name }) => name)).toEqual([
      'stg-a',
      'dev-b',
      'dev-a',
      'dev-none',
    ])
  })

  it('gives each tag the verdict of the automation', () => {
    const judged = judgeContainer(image('glob:dev-*', 'dev-a'), tags)
    expect(judged.decision).toMatchObject({ kind: 'move', tag: 'dev-b' })
    expect(Object.fromEntries(judged.tags.map(({ name, verdict }) => [name, verdict]))).toEqual({
      'stg-a': 'not-matched',
      'dev-b': 'selected',
      'dev-a': 'current',
      'dev-none': 'no-build-time',
    })
  })

  it('says why nothing is chosen under a filter that cannot be read', () => {
    const judged = judgeContainer(image('semver:not a range', 'dev-a'), tags)
    expect(judged.decision.kind).toBe('blocked')
    expect(judged.tags.every(({ reason }) => reason.length > 0)).toBe(true)
  })

  const problem = { code: 'x', severity: 'error' as const, message: 'It cannot be.' }
  const verdicts = (changes: Partial<ReleaseImage>) => {
    const judged = judgeContainer({ ...image('glob:dev-*', 'dev-a'), ...changes }, tags)
    return [judged.decision.kind, Object.fromEntries(judged.tags.map(({ name, verdict }) => [name, verdict]))]
  }
  const usual = { 'stg-a': 'not-matched', 'dev-b': 'selected', 'dev-a': 'current', 'dev-none': 'no-build-time' }
  const nothing = { 'stg-a': 'not-matched', 'dev-b': 'not-matched', 'dev-a': 'current', 'dev-none': 'not-matched' }

  it.each<[string, Partial<ReleaseImage>, string, Record<string, string>]>([
    ['a tag that is refused', { refusedTags: ['dev-b'] }, 'stay', { ...usual, 'dev-b': 'refused' }],
    ['no filter where one is needed', { policy: undefined, problem }, 'blocked', nothing],
    ['a stray or misspelt filter', { problem }, 'blocked', nothing],
    [
      'an edit that the document does not admit',
      { problem, met: { by: 'edit', tag: 'dev-b', blob: '1' } },
      'blocked',
      { ...usual, 'dev-b': 'outranked' },
    ],
    ['a digest that cannot be had', { problem, met: { by: 'digest' } }, 'blocked', { ...usual, 'dev-b': 'outranked' }],
    ['an order of tags that is known by now', { problem, met: { by: 'tags' } }, 'move', usual],
  ])('judges as the automation: %s', (_label, changes, decision, expected) => {
    expect(verdicts(changes)).toEqual([decision, expected])
  })
})
