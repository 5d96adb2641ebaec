import { describe, expect, it } from 'vitest'
import { safeNext, secretIn } from './secret-in.ts'

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

describe('safeNext', () => {
  it.each([
    ['a page of ours', '/audit?kind=commit', '/audit?kind=commit'],
    ['another host without scheme', '//evil.example.com', '/'],
    ['another host with a backslash', '/\\evil.example.com', '/'],
    ['another host', 'https://evil.example.com', '/'],
    ['nothing', undefined, '/'],
  ])('%s', (_, asked, next) => {
    expect(safeNext(asked)).toBe(next)
  })
})
