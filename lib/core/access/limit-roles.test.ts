import { describe, expect, it } from 'vitest'
import { limitRoles } from './limit-roles.ts'

describe('limitRoles', () => {
  it.each([
    ['a lesser token', { '*': 'admin' }, 'deployer', undefined, { '*': 'deployer' }],
    ['a greater token', { '*': 'viewer' }, 'admin', undefined, { '*': 'viewer' }],
    [
      'each place on its own',
      { '*': 'viewer', dev: 'admin' },
      'deployer',
      undefined,
      { '*': 'viewer', dev: 'deployer' },
    ],
    ['one environment of a role held everywhere', { '*': 'admin' }, 'deployer', ['dev'], { dev: 'deployer' }],
    ['the greater of two roles there', { '*': 'viewer', dev: 'approver' }, 'admin', ['dev'], { dev: 'approver' }],
    ['an environment the owner has no role in', { dev: 'admin' }, 'admin', ['prod'], {}],
    ['an environment called like an object member', { dev: 'admin' }, 'admin', ['constructor'], {}],
    ['no environment at all', { '*': 'admin' }, 'admin', [], {}],
  ] as const)('%s', (_label, own, role, environments, want) => {
    expect(limitRoles(own, role, environments)).toEqual(want)
  })
})
