import { describe, expect, it } from 'vitest'
import { allows, allowsSomewhere, whoCould } from './allows.ts'
import { permissions, type Permission } from './permissions.ts'
import { roles, type Person, type Role } from './types.ts'

const holding = (role: Role, place = '*'): Person => ({ roles: { [place]: role } })

describe('allows', () => {
  const rows: [
    label: string,
    person: Person,
    permission: Permission,
    environment: string | undefined,
    want: boolean,
  ][] = [
    ['nobody may read', { roles: {} }, 'releases:read', 'dev', false],
    ['a viewer reads', holding('viewer'), 'releases:read', 'dev', true],
    ['a viewer does not release', holding('viewer'), 'releases:write', 'dev', false],
    ['a deployer of dev releases to dev', holding('deployer', 'dev'), 'releases:write', 'dev', true],
    ['a deployer of dev does not release to prod', holding('deployer', 'dev'), 'releases:write', 'prod', false],
    [
      'a deployer of dev does not release without a place',
      holding('deployer', 'dev'),
      'releases:write',
      undefined,
      false,
    ],
    ['a deployer does not approve', holding('deployer'), 'promotions:approve', 'prod', false],
    ['an approver approves', holding('approver'), 'promotions:approve', 'prod', true],
    ['an approver also releases', holding('approver'), 'releases:write', 'prod', true],
    ['an approver has no settings', holding('approver'), 'settings:write', undefined, false],
    [
      'a role in one environment adds to the role held everywhere',
      { roles: { '*': 'viewer', dev: 'deployer' } },
      'releases:write',
      'dev',
      true,
    ],
    [
      'a lesser role in one environment takes nothing away',
      { roles: { '*': 'deployer', dev: 'viewer' } },
      'releases:write',
      'dev',
      true,
    ],
    ['an approver consents to deletions', holding('approver', 'prod'), 'deletions:consent', 'prod', true],
    ['an admin of one environment has no settings', holding('admin', 'dev'), 'settings:write', 'dev', false],
    ['an admin has settings', holding('admin'), 'settings:write', undefined, true],
    ['an admin lets an environment act', holding('admin'), 'environments:act', 'prod', true],
    [
      'an environment called like an object member gives nothing',
      holding('admin', 'dev'),
      'releases:read',
      'constructor',
      false,
    ],
    ['a name that is no permission is denied', holding('admin'), 'toString' as Permission, 'dev', false],
    ['a role that is no role gives nothing', holding('root' as Role), 'releases:read', 'dev', false],
    ['a token keeps to its own role', { ...holding('admin'), atMost: 'viewer' }, 'releases:write', 'dev', false],
    ['a token within its role', { ...holding('admin'), atMost: 'deployer' }, 'releases:write', 'dev', true],
    ['a token never exceeds its owner', { ...holding('viewer'), atMost: 'admin' }, 'settings:write', undefined, false],
    [
      'a token with no known role does nothing',
      { ...holding('admin'), atMost: 'x' as Role },
      'releases:read',
      'dev',
      false,
    ],
  ]
  it.each(rows)('%s', (_label, person, permission, environment, want) => {
    expect(allows(person, permission, environment)).toBe(want)
  })

  it('gives an admin everything and nobody anything', () => {
    for (const permission of permissions) {
      expect(allows(holding('admin'), permission, 'prod')).toBe(true)
      for (const role of roles) expect(allows({ roles: { dev: role } }, permission, 'prod')).toBe(false)
    }
  })

  it('gives a viewer only reading', () => {
    const granted = permissions.filter((permission) => allows(holding('viewer'), permission, 'prod'))
    expect(granted.filter((permission) => !/:(read|simulate)$/.test(permission))).toEqual([])
  })
})

describe('allowsSomewhere', () => {
  it('looks through all environments held', () => {
    expect(allowsSomewhere(holding('deployer', 'dev'), 'releases:write')).toBe(true)
    expect(allowsSomewhere(holding('viewer', 'dev'), 'releases:write')).toBe(false)
    expect(allowsSomewhere({ roles: {} }, 'releases:read')).toBe(false)
  })
})

describe('whoCould', () => {
  it('names the roles', () => {
    expect(whoCould('promotions:approve')).toEqual(['approver', 'admin'])
    expect(whoCould('nothing' as Permission)).toEqual([])
  })
})
