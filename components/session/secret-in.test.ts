import { describe, expect, it } from 'vitest'
import { secretIn } from './secret-in.ts'

describe('secretIn', () => {
  it.each([
    ['a whole link', 'https://w.example.com/sign-in?link=abcdefghijklmnopqrst', 'abcdefghijklmnopqrst'],
    ['the secret alone, with blanks around', '  abcdefghijklmnopqrst ', 'abcdefghijklmnopqrst'],
    ['a link without a secret', 'https://w.example.com/sign-in', undefined],
    ['too short', 'abc', undefined],
    ['nothing', '', undefined],
  ])('%s', (_, text, secret) => {
    expect(secretIn(text)).toBe(secret)
  })
})
