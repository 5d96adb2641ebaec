import { describe, expect, it } from 'vitest'
import { describeEvent, type DescribedEvent } from './describe-event.ts'

describe('describeEvent', () => {
  const moves = (...policies: string[]) => ({ moves: policies.map((policy) => ({ policy })) })
  const rows: [label: string, event: Partial<DescribedEvent> & { kind: string }, what: string, detail?: string][] = [
    ['a tag', { kind: 'tag.seen', data: { repository: 'r:5/a/b', tag: 'v1' } }, 'Image pushed', 'a/b:v1'],
    ['one policy', { kind: 'decision.made', reason: 'newest', data: moves('glob:*') }, 'Chosen by glob:*', 'newest'],
    ['several policies', { kind: 'decision.made', data: moves('glob:*', 'semver:~1') }, 'Chosen by 2 policies'],
    ['a commit', { kind: 'commit.done', commit: '0123456789ab' }, 'Committed', '0123456'],
    ['a commit that was not made', { kind: 'commit.superseded', reason: 'newer' }, 'Commit superseded', 'newer'],
    [
      'a helm run',
      { kind: 'upgrade.done', revision: 4, data: { durationMs: 620 } },
      'helm upgrade',
      'revision 4 · 0.62 s',
    ],
    ['one that failed', { kind: 'install.failed', reason: 'no such kind' }, 'helm install', 'no such kind'],
    ['one under way', { kind: 'upgrade.intent' }, 'helm upgrade'],
    ['a hold', { kind: 'policy.locked', reason: 'demo at noon' }, 'Held', 'demo at noon'],
    [
      'a fetch',
      { kind: 'git.fetched', data: { documents: 9, problems: 1 } },
      'Fetched from Git',
      '9 documents, 1 problem',
    ],
    [
      'an apply',
      { kind: 'apply.done', commit: '0123456789ab', data: { count: 1 } },
      'Applied to the cluster',
      '1 object',
    ],
    ['a kind of tomorrow', { kind: 'promotion.gate-passed' }, 'Promotion gate passed'],
  ]
  it.each(rows)('%s', (_label, event, what, detail) => {
    expect(describeEvent({ data: {}, ...event })).toEqual({ what, detail })
  })
})
