import { describe, expect, it } from 'vitest'
import { keepsAnAdmin } from './last-admin.ts'

const admin = (id: string, disabledAt?: number) => ({ id, roles: { '*': 'admin' } as const, disabledAt })
const local = { id: 'c', roles: { dev: 'admin' } as const }

describe('keepsAnAdmin', () => {
  it.each([
    ['one of two goes', [admin('a'), admin('b')], undefined, true],
    ['the only one goes', [admin('a'), local], undefined, false],
    ['the other one is disabled', [admin('a'), admin('b', 1)], undefined, false],
    ['the only one is disabled', [admin('a')], { roles: { '*': 'admin' }, disabledAt: 1 }, false],
    ['the only one becomes a deployer', [admin('a')], { roles: { '*': 'deployer' } }, false],
    ['the only one administers one environment alone', [admin('a')], { roles: { dev: 'admin' } }, false],
    ['the only one gets another role besides', [admin('a')], { roles: { '*': 'admin', dev: 'viewer' } }, true],
  ] as const)('%s', (_label, people, after, want) => {
    expect(keepsAnAdmin(people, 'a', after)).toBe(want)
  })
})
