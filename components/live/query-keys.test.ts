import { describe, expect, it } from 'vitest'
import { keys, keysOf } from './query-keys.ts'

const covers = (prefix: readonly unknown[], key: readonly unknown[]) => prefix.every((part, at) => key[at] === part)

describe('keysOf', () => {
  it.each([
    ['a release renews its page', { topic: 'release', id: 'a' }, keys.release('a'), true],
    ['a release renews its history', { topic: 'release', id: 'a' }, keys.revisions('a'), true],
    ['a release renews the matrix', { topic: 'release', id: 'a' }, keys.matrix, true],
    ['a release leaves the others', { topic: 'release', id: 'a' }, keys.release('b'), false],
    ['a scan renews the verdicts', { topic: 'images', id: 'x' }, keys.releaseImages('a', {}), true],
    ['people renew where one is signed in', { topic: 'system', id: 'people' }, keys.ownSessions, true],
    ['people leave the settings', { topic: 'system', id: 'people' }, keys.settings, false],
    ['the worker renews the settings', { topic: 'system', id: 'worker' }, keys.settings, true],
    ['audit rows renew the audit', { topic: 'audit', id: '' }, keys.audit({ actor: 'x' }), true],
    ['audit rows leave a finished diff', { topic: 'audit', id: '' }, keys.diff('a', {}), false],
  ] as const)('%s', (_, event, key, renewed) => {
    expect(keysOf(event).some((prefix) => covers(prefix, key))).toBe(renewed)
  })
})
