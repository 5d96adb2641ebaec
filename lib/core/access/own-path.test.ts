import { describe, expect, it } from 'vitest'
import { ownPath } from './own-path.ts'

describe('ownPath', () => {
  it.each([
    ['a page of ours', '/audit?kind=commit', '/audit?kind=commit'],
    ['another host without scheme', '//evil.example.com', '/'],
    ['another host with a backslash', '/\\evil.example.com', '/'],
    ['another host behind a tab', '/\t/evil.example.com', '/'],
    ['another host behind a line end', '/\n/evil.example.com', '/'],
    ['another host', 'https://evil.example.com', '/'],
    ['a script', 'javascript:alert(1)', '/'],
    ['a header of its own', '/\r\nset-cookie: a=b', '/'],
    ['a novel', `/${'x'.repeat(2000)}`, '/'],
    ['nothing', undefined, '/'],
  ])('%s', (_, asked, next) => {
    expect(ownPath(asked)).toBe(next)
    expect(new URL(ownPath(asked), 'https://w.example.com').host).toBe('w.example.com')
  })
})
