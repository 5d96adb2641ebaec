import { describe, expect, it } from 'vitest'
import { bodyOf, emptyForm, formOf, parseMapping, problemOf } from './provider-form.ts'

describe('parseMapping', () => {
  it.each([
    ['a rule', 'devs = deployer in dev', [{ group: 'devs', role: 'deployer', environment: 'dev' }]],
    ['a rule for everywhere', 'ops=admin', [{ group: 'ops', role: 'admin', environment: '*' }]],
    ['a group with blanks', 'The ops = admin in *', [{ group: 'The ops', role: 'admin', environment: '*' }]],
    ['a group of LDAP', 'cn=ops,dc=acme = admin in *', [{ group: 'cn=ops,dc=acme', role: 'admin', environment: '*' }]],
    ['blank lines', '\n  \n', []],
  ])('%s', (_label, text, rules) => {
    expect(parseMapping(text)).toEqual({ rules })
  })

  it.each([
    ['no role', 'devs', 1],
    ['a role that is none', 'devs = deployer in dev\nops = root', 2],
    ['no group', ' = admin', 1],
  ])('%s', (_label, text, line) => {
    expect(parseMapping(text).problem).toContain(`Line ${line} `)
  })
})

describe('the form', () => {
  const form = {
    ...emptyForm,
    name: 'Acme',
    issuer: 'https://issuer.example.com',
    clientId: 'wheelhouse',
    clientSecret: 's3cret',
    mapping: 'devs = deployer in dev',
    domains: 'example.com, acme.com',
    defaultRole: 'viewer' as const,
  }

  it.each([
    ['all that is needed', {}, false, undefined],
    ['no secret, though it is new', { clientSecret: '' }, false, /needed/],
    ['no secret, where there is one', { clientSecret: '' }, true, undefined],
    ['an address without a scheme', { issuer: 'issuer.example.com' }, false, /https/],
    ['a script for an address', { issuer: 'javascript:alert(1)' }, false, /https/],
    ['a bad rule', { mapping: 'devs' }, false, /Line 1/],
  ])('with %s', (_label, more, known, problem) => {
    const told = problemOf({ ...form, ...more }, known) ?? 'fine'
    expect(told).toMatch(problem ?? /^fine$/)
  })

  it('shows again what was saved, but the secret', () => {
    const body = bodyOf(form, 'idp-1')
    const { clientSecret: _secret, ...rest } = body
    const rules = { groupsClaim: 'groups', mapping: [], domains: [], groups: [], createUnknown: false, ...body.rules }
    const saved = { ...rest, id: 'idp-1', rules: { ...rules, defaultRoles: rules.defaultRoles ?? {} } }
    expect(formOf({ ...saved, createdAt: 1, createdBy: 'ann@example.com' })).toEqual({ ...form, clientSecret: '' })
  })
})
