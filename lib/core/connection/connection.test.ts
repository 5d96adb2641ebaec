import { describe, expect, it } from 'vitest'
import { isRefName, readEnteredAddress } from './index.ts'

describe('readEnteredAddress', () => {
  const good: [text: string, host: string, by: string][] = [
    ['https://github.com/acme/config.git', 'github.com', 'https'],
    [' https://git.example.test:8443/config ', 'git.example.test:8443', 'https'],
    ['http://git.example.test/config.git', 'git.example.test', 'http'],
    ['git@github.com:acme/config.git', 'github.com', 'ssh'],
    ['ssh://git@git.example.test:2222/acme/config.git', '[git.example.test]:2222', 'ssh'],
  ]
  it.each(good)('%s is at %s by %s', (text, host, by) => {
    expect(readEnteredAddress(text)).toMatchObject({ url: text.trim(), host, by })
  })

  const bad: [label: string, text: string, message: string][] = [
    ['a path of the worker', '/srv/git/config.git', 'no address'],
    ['a file', 'file:///srv/git/config.git', 'no address'],
    ['a helper', 'ext::sh -c whoami', 'no address'],
    ['an option', '--upload-pack=x', 'no address'],
    ['an option as a host', 'ssh://-oProxyCommand=x/config.git', 'no address'],
    ['an option as a path', 'git@host:--x', 'no address'],
    ['nothing', '', 'no address'],
    ['a token in it', 'https://x:ghp_1@github.com/acme/config.git', 'holds a credential'],
    ['a password for SSH in it', 'ssh://git:secret@github.com/acme/config.git', 'holds a credential'],
  ]
  it.each(bad)('refuses %s', (_label, text, message) => {
    expect(() => readEnteredAddress(text)).toThrow(message)
  })
})

describe('isRefName', () => {
  it.each([
    ['main', true],
    ['feature/x-1', true],
    ['v1.2.3', true],
    ['-d', false],
    ['a..b', false],
    ['a b', false],
    ['a~1', false],
    ['a^{tree}', false],
    ['@{u}', false],
    ['a.lock', false],
    ['a/.b', false],
    ['a/', false],
    ['', false],
    ['a\nb', false],
  ])('%j is %s', (name, expected) => {
    expect(isRefName(name)).toBe(expected)
  })
})
