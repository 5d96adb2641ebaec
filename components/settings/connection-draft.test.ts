import { describe, expect, it } from 'vitest'
import type { Connection } from '#lib/api/connection.ts'
import { bodyOf, canKeep, draftOf, isSsh, missingIn } from './connection-draft.ts'

const connection: Connection = {
  source: 'settings',
  url: 'https://git.example.test/fleet.git',
  branch: 'main',
  entered: {
    url: 'https://git.example.test/fleet.git',
    credential: { kind: 'password', username: 'robot' },
    host: 'git.example.test',
    savedAt: 1,
    savedBy: 'ada@example.test',
  },
  sync: { state: 'ready' },
}
const draft = { ...draftOf(connection), secret: 's3cret' }

describe('the form of a connection', () => {
  it('begins with what is there, and keeps the credential', () => {
    expect(bodyOf(draftOf(connection))).toEqual({
      url: 'https://git.example.test/fleet.git',
      branch: 'main',
      credential: { kind: 'keep' },
    })
  })

  const hosts: [url: string, kept: boolean][] = [
    ['https://git.example.test/other.git', true],
    ['https://git.example.test:8443/fleet.git', false],
    ['https://evil.example.test/fleet.git', false],
    ['git@git.example.test:fleet.git', false],
    ['', false],
  ]
  it.each(hosts)('%s: the credential can be kept: %s', (url, kept) => {
    expect(canKeep(connection, url)).toBe(kept)
  })

  it('sends no secret to an address of SSH', () => {
    const ssh = { ...draft, url: ' git@github.com:acme/fleet.git ', kind: 'github-token' as const }
    expect(bodyOf(ssh)).toEqual({ url: 'git@github.com:acme/fleet.git', branch: 'main', credential: { kind: 'none' } })
    expect(['ssh://git@host/x', 'https://host/a@b:c', '/srv/x'].map(isSsh)).toEqual([true, false, false])
  })

  const rows: [label: string, change: Partial<typeof draft>, missing: string | undefined][] = [
    ['nothing', {}, undefined],
    ['an address', { url: ' ' }, 'Address and branch'],
    ['a branch', { branch: '' }, 'Address and branch'],
    ['a user', { kind: 'password' }, 'User and password'],
    ['a token', { kind: 'github-token', secret: ' ' }, 'The token'],
    ['an App', { kind: 'github-app' }, 'Id and key of the App'],
    ['a token over SSH', { kind: 'github-token', secret: '', url: 'git@host:x' }, undefined],
  ]
  it.each(rows)('misses %s', (_label, change, missing) => {
    const told = missingIn({ ...draft, ...change })
    expect(missing === undefined ? told : told?.startsWith(missing)).toBe(missing === undefined ? undefined : true)
  })
})
