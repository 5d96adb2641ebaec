import { describe, expect, it } from 'vitest'
import { KnownSecrets } from './known-secrets.ts'
import { maskKnown } from './mask-known.ts'
import { mask } from './mask.ts'

const many = Array.from({ length: 500 }, (_, index) => `secret-of-nobody-${index}`)
const b64 = (text: string) => Buffer.from(text).toString('base64')

const ways: [label: string, mask: (text: string, secrets: string[]) => string][] = [
  ['a few', (text, secrets) => maskKnown(secrets)(text)],
  [
    'among many that came one by one',
    (text, secrets) => {
      const known = new KnownSecrets()
      for (const value of [...many, ...secrets]) known.add(value, [value])
      return maskKnown(known.everywhere())(text)
    },
  ],
]

describe.each(ways)('%s', (_label, masked) => {
  it.each<[string, string, string[], string]>([
    ['one', 'a hunter2! b', ['hunter2!'], `a ${mask} b`],
    ['one at each end', 'hunter2! and hunter2!', ['hunter2!'], `${mask} and ${mask}`],
    ['the longer of two', 'x c0rrect-horse-battery', ['c0rrect-horse', 'c0rrect-horse-battery'], `x ${mask}`],
    ['base64', `x ${b64('hunter2-hunter2')} y`, ['hunter2-hunter2'], `x ${mask} y`],
    ['nothing', 'nothing here', ['hunter2!'], 'nothing here'],
    ['nothing in what is short', 'abc', ['hunter2!'], 'abc'],
    ['no short one', 'x abc y', ['abc'], 'x abc y'],
  ])('masks %s', (_name, text, secrets, want) => {
    expect(masked(text, secrets)).toBe(want)
  })
})

it('leaves nothing of secrets that overlap, among many, and masks what came after it was first asked for', () => {
  const known = new KnownSecrets()
  known.add('a', [...many, 'abcd-f9h'])
  expect(maskKnown(known.everywhere())('x abcd-f9hijklmnop y')).toBe(`x ${mask}ijklmnop y`)
  known.add('a', ['-f9hijklmnop'])
  expect(maskKnown(known.everywhere())('x abcd-f9hijklmnop y')).toBe(`x ${mask} y`)
})
