import { describe, expect, it } from 'vitest'
import { causeWords } from './cause-words.ts'

describe('causeWords', () => {
  it.each([
    [
      'a tag, without the registry',
      { kind: 'tag', repository: 'r:5/team/app', tag: 'v1' },
      'team/app:v1 was pushed',
      'automation',
    ],
    [
      'a commit, by who wrote it',
      { kind: 'commit', commit: 'c', author: 'Mira Holt', subject: 'Add web' },
      'Add web',
      'Mira Holt',
    ],
    ['a person', { kind: 'person', actor: 'ann@example.com' }, 'Held: demo at noon', 'ann'],
    ['a chart', { kind: 'chart', path: 'charts/app', commit: 'c' }, 'chart charts/app changed', 'automation'],
    ['after a crash', { kind: 'recovery', detail: 'resumed' }, 'resumed', 'automation'],
  ] as const)('%s', (_label, cause, what, by) => {
    expect(causeWords({ cause, reason: 'Held: demo at noon', actor: 'automation' })).toEqual({ what, by })
  })
})
