import { expect, it } from 'vitest'
import { countBehind, type DeployedImages } from './behind.ts'

/** One letter per revision, oldest first; `?` = not known. */
const left = (letters: string): DeployedImages[] =>
  [...letters].map((letter) => ({ app: letter === '?' ? undefined : letter }))

const rows: [label: string, left: DeployedImages[], right: DeployedImages, want: number | 'unknown'][] = [
  ['the same', left('abc'), { app: 'c' }, 0],
  ['one newer', left('abc'), { app: 'b' }, 1],
  ['several newer', left('abcde'), { app: 'b' }, 3],
  ['revisions with the same image are no step', left('abbbcc'), { app: 'b' }, 1],
  ['to and fro counts each image once', left('abcb'), { app: 'a' }, 2],
  ['back on what runs on the right', left('abcb'), { app: 'b' }, 0],
  ['never seen on the left', left('abc'), { app: 'x' }, 'unknown'],
  ['not known on the right', left('abc'), { app: undefined }, 'unknown'],
  ['not known on the left, since', left('ab?c'), { app: 'b' }, 'unknown'],
  ['not known on the left, before', left('?abc'), { app: 'b' }, 1],
  ['nothing deployed on the left', [], { app: 'a' }, 'unknown'],
  ['nothing in common', left('abc'), { other: 'a' }, 'unknown'],
  ['a container that only the right has', left('abc'), { app: 'b', sidecar: 'x' }, 1],
  [
    'several containers count together',
    [
      { a: '1', b: '1' },
      { a: '2', b: '1' },
      { a: '2', b: '2' },
    ],
    { a: '1', b: '1' },
    2,
  ],
  ['a container that came later on the left', [{ a: '1' }, { a: '2', b: '1' }], { a: '1' }, 1],
  ['a name that every object has', left('a'), { toString: 'a' } as unknown as DeployedImages, 'unknown'],
]
it.each(rows)('behind: %s', (_label, revisions, right, want) => {
  expect(countBehind(revisions, right)).toBe(want)
})
