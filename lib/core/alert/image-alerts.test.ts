import { describe, expect, it } from 'vitest'
import { imageAlerts, type TagInUse } from './image-alerts.ts'

const used = (more: Partial<TagInUse>): TagInUse => ({
  tag: '1.0.0',
  users: ['dev:helmrelease/app'],
  registry: 'has-it',
  ...more,
})
const moved = { from: 'sha256:a', to: 'sha256:b' }

describe('imageAlerts', () => {
  it.each<[string, TagInUse[], string[]]>([
    ['nothing wrong', [used({})], []],
    ['moved', [used({ moved })], ['image r/app tag-moved 1.0.0']],
    ['gone', [used({ registry: 'lacks-it' })], ['image r/app tag-vanished 1.0.0']],
    ['no answer', [used({ registry: 'unknown' })], ['[image r/app tag-vanished 1.0.0]']],
    ['latest', [used({ tag: 'latest' })], ['image r/app latest-in-use']],
    ['latest beside another tag', [used({ tag: 'latest' }), used({})], ['image r/app latest-in-use']],
    [
      'latest that moved and is gone',
      [used({ tag: 'latest', moved, registry: 'lacks-it' })],
      ['image r/app tag-moved latest', 'image r/app tag-vanished latest', 'image r/app latest-in-use'],
    ],
    [
      'two tags gone',
      [used({ registry: 'lacks-it' }), used({ tag: '2.0.0', registry: 'lacks-it' })],
      ['image r/app tag-vanished 1.0.0', 'image r/app tag-vanished 2.0.0'],
    ],
  ])('%s', (_label, tags, expected) => {
    const { wanted, kept } = imageAlerts('r/app', tags)
    expect([...wanted.map(({ key }) => key), ...kept.map((key) => `[${key}]`)]).toEqual(expected)
  })

  it('names what it was, what it is, and who uses it', () => {
    const users = ['d', 'b', 'c', 'a']
    const [alert] = imageAlerts('r/app', [used({ users, moved })]).wanted
    expect(alert?.detail).toBe(
      'It was sha256:a, it is sha256:b. Running pods keep the old image, new ones get the new. Used by a, b, c and 1 more.',
    )
    const [own] = imageAlerts('r/app', [used({ moved, release: 'rel-1', environment: 'dev' })]).wanted
    expect(own).toMatchObject({ release: 'rel-1', environment: 'dev', severity: 'warning' })
  })
})
