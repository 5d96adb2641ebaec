import { describe, expect, it } from 'vitest'
import { may, whoCould } from './may.ts'

describe('may', () => {
  it.each([
    ['a viewer sees', { '*': 'viewer' }, 'view', 'prod', true],
    ['a viewer does not deploy', { '*': 'viewer' }, 'deploy', 'prod', false],
    ['a deployer of dev deploys there', { '*': 'viewer', dev: 'deployer' }, 'deploy', 'dev', true],
    ['but not to prod', { '*': 'viewer', dev: 'deployer' }, 'deploy', 'prod', false],
    ['an approver does not deploy', { '*': 'approver' }, 'deploy', 'prod', false],
    ['an admin everywhere is not less in one place', { '*': 'admin', dev: 'viewer' }, 'deploy', 'dev', true],
    ['an admin of dev does not administer the rest', { dev: 'admin' }, 'administer', undefined, false],
  ] as const)('%s', (_, roles, asked, environment, allowed) => {
    expect(may({ roles }, asked, environment)).toBe(allowed)
  })

  it('names who could', () => {
    expect(whoCould('deploy', 'prod')).toBe('It takes the role deployer or admin in prod.')
  })
})
