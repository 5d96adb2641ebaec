import { describe, expect, it } from 'vitest'
import { groupsIn, mayComeIn, rolesOfGroups, type ProviderRules } from './provider-rules.ts'

const rules: ProviderRules = {
  groupsClaim: 'groups',
  mapping: [
    { group: 'devs', environment: 'dev', role: 'deployer' },
    { group: 'devs', environment: '*', role: 'viewer' },
    { group: 'leads', environment: 'dev', role: 'approver' },
    { group: 'ops', environment: '*', role: 'admin' },
  ],
  defaultRoles: {},
  domains: [],
  groups: [],
  createUnknown: true,
}

describe('rolesOfGroups', () => {
  it.each([
    ['one group', ['devs'], {}, { dev: 'deployer', '*': 'viewer' }],
    ['the greater of two', ['leads', 'devs'], {}, { dev: 'approver', '*': 'viewer' }],
    ['whatever the order', ['devs', 'leads'], {}, { dev: 'approver', '*': 'viewer' }],
    ['no group', [], {}, {}],
    ['a group of no rule', ['guests'], {}, {}],
    ['a group in other letters', ['Devs'], {}, {}],
    ['no group, where there is a default', [], { '*': 'viewer' }, { '*': 'viewer' }],
    ['a group, where there is a default', ['ops'], { dev: 'deployer' }, { '*': 'admin' }],
  ] as const)('%s', (_label, groups, defaultRoles, want) => {
    expect(rolesOfGroups({ ...rules, defaultRoles }, groups)).toEqual(want)
  })
})

describe('mayComeIn', () => {
  const email = 'ann@Example.com'
  it.each([
    ['anybody where nothing is asked', [], [], [], true],
    ['the domain, in any case', ['EXAMPLE.com'], [], [], true],
    ['another domain', ['acme.com'], [], [], false],
    ['a domain that only ends so', ['ample.com'], [], [], false],
    ['a group', [], ['devs'], ['devs'], true],
    ['no group', [], ['devs'], [], false],
    ['the domain without the group', ['example.com'], ['devs'], ['ops'], false],
    ['both', ['example.com'], ['devs', 'ops'], ['ops'], true],
  ])('%s', (_label, domains, needed, groups, want) => {
    expect(mayComeIn({ ...rules, domains, groups: needed }, { email, groups })).toBe(want)
  })

  it('takes the last @ of an address for its domain', () => {
    const asked = { email: 'ann@example.com@evil.example', groups: [] }
    expect(mayComeIn({ ...rules, domains: ['example.com'] }, asked)).toBe(false)
  })
})

describe('groupsIn', () => {
  it.each([
    ['a list', { groups: ['a', 'b', 'a'] }, 'groups', ['a', 'b']],
    ['one text', { groups: 'a' }, 'groups', ['a']],
    ['one level down', { realm_access: { roles: ['a'] } }, 'realm_access.roles', ['a']],
    ['a claim with dots in its name', { 'https://acme.com/groups': ['a'] }, 'https://acme.com/groups', ['a']],
    ['a missing claim', {}, 'groups', []],
    ['things that are no text', { groups: [1, null, { name: 'a' }, '', 'a'] }, 'groups', ['a']],
    ['an object', { groups: { a: true } }, 'groups', []],
    ['what every object has', {}, 'constructor.name', []],
    ['no claim asked for', { '': ['a'] }, '', []],
    ['a name that is too long', { groups: ['x'.repeat(201)] }, 'groups', []],
  ])('%s', (_label, claims, claim, want) => {
    expect(groupsIn(claims, claim)).toEqual(want)
  })
})
