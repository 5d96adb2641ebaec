import { describe, expect, it } from 'vitest'
import { isExactVersion, pickVersion } from './pick-version.ts'
import { isSameRepository } from './same-repository.ts'

describe('isSameRepository', () => {
  const same: [label: string, a: string, b: string][] = [
    ['the very same', 'https://git.example.org/org/config', 'https://git.example.org/org/config'],
    ['.git behind it', 'https://git.example.org/org/config', 'https://git.example.org/org/config.git'],
    ['a slash behind it', 'https://git.example.org/org/config/', 'https://git.example.org/org/config'],
    ['capital letters in the host', 'https://GIT.example.org/org/config', 'https://git.example.org/org/config'],
    ['the usual port', 'https://git.example.org:443/org/config', 'https://git.example.org/org/config'],
    ['user and password', 'https://bot:t0ken@git.example.org/org/config', 'https://git.example.org/org/config'],
    ['ssh and https', 'ssh://git@git.example.org/org/config.git', 'https://git.example.org/org/config'],
    ['user@host:path and https', 'git@git.example.org:org/config.git', 'https://git.example.org/org/config'],
    ['user@host:path and ssh', 'git@git.example.org:org/config', 'ssh://git@git.example.org:22/org/config'],
    ['ssh on its own port and https', 'ssh://git@git.example.org:2222/a/b', 'https://git.example.org/a/b'],
    ['the same odd port', 'http://127.0.0.1:3000/config.git', 'http://127.0.0.1:3000/config'],
    ['a path and its file URL', '/srv/git/config.git', 'file:///srv/git/config.git'],
  ]
  it.each(same)('%s: one repository', (_label, a, b) => {
    expect([isSameRepository(a, b), isSameRepository(b, a)]).toEqual([true, true])
  })

  const different: [label: string, a: string, b: string][] = [
    ['another path', 'https://git.example.org/org/charts', 'https://git.example.org/org/config'],
    ['another owner', 'git@git.example.org:them/config', 'git@git.example.org:org/config'],
    ['another host', 'git@other.example.org:org/config', 'git@git.example.org:org/config'],
    ['another server on the same machine', 'http://127.0.0.1:3000/config.git', 'http://127.0.0.1:4000/config.git'],
    ['another ssh port', 'ssh://git@git.example.org:2222/a/b', 'git@git.example.org:a/b'],
    ['a path and a host', '/git.example.org/org/config', 'https://git.example.org/org/config'],
    ['other capital letters in the path', 'https://git.example.org/Org/config', 'https://git.example.org/org/config'],
    ['no address', 'config', 'config'],
  ]
  it.each(different)('%s: two repositories', (_label, a, b) => {
    expect([isSameRepository(a, b), isSameRepository(b, a)]).toEqual([false, false])
  })
})

describe('isExactVersion', () => {
  it.each(['1.2.3', 'v1.2.3', '1.2.3-rc.1', '1.2.3+build.4'])('%s is', (version) => {
    expect(isExactVersion(version)).toBe(true)
  })
  it.each(['', '1', '1.2', '1.2.x', '~1.2.3', '=1.2.3', '1.2.3 - 2.0.0', 'latest', '>=1.2.3'])(
    '%j is not',
    (version) => {
      expect(isExactVersion(version)).toBe(false)
    },
  )
})

describe('pickVersion', () => {
  const versions = ['1.2.0', '1.10.0', 'v0.9.0', '2.0.0-rc.1', '1.2.3+build.4', '20240101']
  const rows: [wanted: string, version: string][] = [
    ['1.2.0', '1.2.0'],
    ['0.9.0', 'v0.9.0'],
    ['1.2.3+build.4', '1.2.3+build.4'],
    ['~1.2', '1.2.3+build.4'],
    ['1.x', '1.10.0'],
    ['*', '1.10.0'],
    ['', '1.10.0'],
    ['>=1.0.0-0', '2.0.0-rc.1'],
  ]
  it.each(rows)('%j is %s', (wanted, version) => {
    expect(pickVersion(versions, wanted)).toEqual({ kind: 'picked', version })
  })
  it('has none above all', () => {
    expect(pickVersion(versions, '>=3')).toEqual({ kind: 'none' })
  })
  it('refuses what is no constraint', () => {
    expect(pickVersion(versions, 'latest or so')).toEqual({ kind: 'invalid' })
  })
})
