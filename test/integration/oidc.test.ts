import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as begin from '../../app/api/session/begin/[id]/route.ts'
import * as callback from '../../app/api/session/callback/route.ts'
import * as me from '../../app/api/v1/me/route.ts'
import * as people from '../../app/api/v1/people/route.ts'
import * as roles from '../../app/api/v1/people/[id]/roles/route.ts'
import * as providers from '../../app/api/v1/sign-in-providers/route.ts'
import * as provider from '../../app/api/v1/sign-in-providers/[id]/route.ts'
import { identityProviders } from '#lib/adapters/auth/index.ts'
import type { Me } from '#lib/api/me.ts'
import type { ListedPerson } from '#lib/api/people.ts'
import { callFrom, firefox } from '../fixtures/browser-in-test.ts'
import { comeBack, enterProvider, goToProvider, signInBy, type Arrived } from '../fixtures/provider-sign-in.ts'
import { startTestDatabase } from '../fixtures/test-database.ts'
import type { TestDatabase } from '../fixtures/test-database.ts'
import { startTestIssuer, type TestIssuer } from '../fixtures/test-issuer.ts'
import { call, errorOf, startWebInTest } from '../fixtures/web-in-test.ts'
import type { WebInTest } from '../fixtures/web-in-test.ts'

let database: TestDatabase
let web: WebInTest
let issuer: TestIssuer

const ann = { sub: 'a1', email: 'Ann@example.com', email_verified: true, name: 'Ann', groups: ['devs'] }
const mapping = [
  { group: 'devs', environment: 'dev', role: 'deployer' as const },
  { group: 'ops', environment: '*', role: 'admin' as const },
]

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())
beforeEach(async () => {
  web = await startWebInTest(await database.fresh())
  issuer = await startTestIssuer()
  issuer.person = ann
  return async () => {
    await issuer.close()
    await web.close()
  }
})

const enter = (rules: Partial<Parameters<typeof enterProvider>[1]['rules']> = {}, more: object = {}) =>
  enterProvider(web.tokens.admin, {
    kind: 'oidc',
    name: 'Acme',
    issuer: issuer.url,
    clientId: issuer.clientId,
    clientSecret: issuer.clientSecret,
    rules: { mapping, createUnknown: true, ...rules },
    ...more,
  })

async function whoIs({ browser }: Arrived): Promise<Me> {
  const answer = await callFrom(browser ?? firefox, me.GET, 'GET')
  expect(answer.status).toBe(200)
  return (await answer.json()) as Me
}

const refusals = async () => {
  await web.store.chainAudit()
  return (await web.store.listAudit({ kind: 'session.refused' })).items.map(({ data }) => data.because)
}

describe('an issuer of OpenID Connect', () => {
  it('vouches for somebody new, whose roles are those of their groups', async () => {
    const arrived = await signInBy(await enter(), '/audit?kind=commit')
    expect(arrived.location).toBe('/audit?kind=commit')
    expect(await whoIs(arrived)).toMatchObject({ email: 'ann@example.com', name: 'Ann', roles: { dev: 'deployer' } })
    const listed = (await (await call(people.GET, 'GET', { as: web.tokens.admin })).json()) as { items: ListedPerson[] }
    expect(listed.items.find(({ email }) => email === 'ann@example.com')).toMatchObject({
      rolesFrom: 'Acme',
      teams: ['devs'],
      hasPassword: false,
    })
  })

  it('may tell all but the subject at its user-info endpoint', async () => {
    issuer.terse = true
    expect(await whoIs(await signInBy(await enter()))).toMatchObject({ email: 'ann@example.com' })
  })

  it('renews the roles at each sign-in, and nobody changes them by hand', async () => {
    const id = await enter()
    const { id: person } = await whoIs(await signInBy(id))
    const body = '{"roles":{"*":"admin"}}'
    const byHand = await call(roles.POST, 'POST', { as: web.tokens.admin, params: { id: person }, body })
    expect([byHand.status, (await errorOf(byHand)).message]).toEqual([
      409,
      'The roles of Ann come from the groups of Acme.',
    ])
    issuer.person = { ...ann, groups: ['ops', 'devs'], email: 'ann.smith@example.com' }
    const again = await whoIs(await signInBy(id))
    expect([again.id, again.roles]).toEqual([person, { '*': 'admin', dev: 'deployer' }])
    issuer.person = { ...ann, groups: [] }
    expect((await whoIs(await signInBy(id))).roles).toEqual({})
  })

  it('gives a default to whoever is in no group, where there is one', async () => {
    issuer.person = { ...ann, groups: undefined }
    expect((await whoIs(await signInBy(await enter({ defaultRoles: { '*': 'viewer' } })))).roles).toEqual({
      '*': 'viewer',
    })
  })

  it('leaves the roles of who was invited to whoever gave them', async () => {
    const known = {
      id: 'per-1',
      email: 'ann@example.com',
      name: 'Ann',
      roles: { prod: 'viewer' as const },
      createdAt: 1,
    }
    await web.store.savePerson(known)
    const who = await whoIs(await signInBy(await enter({ createUnknown: false })))
    expect([who.id, who.roles]).toEqual(['per-1', { prod: 'viewer' }])
  })

  it('does not take the role from the last administrator', async () => {
    const id = await enter()
    issuer.person = { ...ann, groups: ['ops'] }
    const { id: person } = await whoIs(await signInBy(id))
    for (const one of await web.store.listPeople()) {
      if (one.id !== person) await web.store.savePerson({ ...one, roles: { '*': 'viewer' } })
    }
    issuer.person = ann
    expect((await whoIs(await signInBy(id))).roles).toEqual({ '*': 'admin' })
  })
})

describe('nobody comes in', () => {
  const past = Math.floor(Date.now() / 1000) - 3600
  it.each<[string, () => void, string]>([
    ['with a token of another issuer', () => (issuer.lie = { iss: 'https://issuer.evil.example' }), 'not-valid'],
    ['with a token for another client', () => (issuer.lie = { aud: 'another' }), 'not-valid'],
    ['with a token that has expired', () => (issuer.lie = { exp: past, iat: past - 60 }), 'not-valid'],
    ['with the nonce of another sign-in', () => (issuer.lie = { nonce: 'another' }), 'not-valid'],
    ['with a token nobody can verify', () => (issuer.foreignKey = true), 'not-valid'],
    [
      'with an e-mail the issuer has not verified',
      () => (issuer.person = { ...ann, email_verified: false }),
      'email-unverified',
    ],
    [
      'with a word for true in place of true',
      () => (issuer.person = { ...ann, email_verified: 'true' }),
      'email-unverified',
    ],
    ['without an e-mail', () => (issuer.person = { ...ann, email: undefined }), 'email-unverified'],
    ['from another domain', () => (issuer.person = { ...ann, email: 'ann@evil.example' }), 'not-allowed'],
    ['without the group that is needed', () => (issuer.person = { ...ann, groups: ['guests'] }), 'not-allowed'],
  ])('%s', async (_label, lie, because) => {
    const id = await enter({ domains: ['example.com'], groups: ['devs'] })
    lie()
    const arrived = await signInBy(id)
    expect(arrived).toEqual({ location: `/sign-in?refused=${because}`, browser: undefined })
    expect(await refusals()).toEqual([because])
    expect(await web.store.findPersonByEmail('ann@example.com')).toBeUndefined()
  })

  it('who was not invited, where that is needed', async () => {
    const arrived = await signInBy(await enter({ createUnknown: false }))
    expect(arrived.location).toBe('/sign-in?refused=unknown-person')
  })

  it('who is disabled, by subject or by e-mail', async () => {
    const id = await enter()
    const { id: person } = await whoIs(await signInBy(id))
    const record = await web.store.getPerson(person)
    if (record) await web.store.savePerson({ ...record, disabledAt: 1 })
    expect((await signInBy(id)).location).toBe('/sign-in?refused=disabled')
    issuer.person = { ...ann, sub: 'a2' }
    expect((await signInBy(id)).location).toBe('/sign-in?refused=disabled')
  })

  it('who got the address of somebody who came before', async () => {
    const id = await enter()
    await signInBy(id)
    issuer.person = { ...ann, sub: 'a2' }
    expect((await signInBy(id)).location).toBe('/sign-in?refused=taken')
  })

  it('from an address where too many have failed', async () => {
    const id = await enter({ domains: ['acme.com'] })
    for (let at = 0; at < 30; at += 1) expect((await signInBy(id)).location).toBe('/sign-in?refused=not-allowed')
    expect((await signInBy(id)).location).toBe('/sign-in?refused=too-many')
  })

  it('when the client is another than the issuer knows', async () => {
    const arrived = await signInBy(await enter({}, { clientSecret: 'wrong' }))
    expect(arrived.location).toBe('/sign-in?refused=not-valid')
  })
})

describe('a sign-in that was begun', () => {
  it('is finished by the browser that began it, once', async () => {
    const way = await goToProvider(await enter())
    const stranger = await comeBack({ ...way, browser: firefox })
    expect(stranger.location).toBe('/sign-in?refused=not-begun-here')
    expect((await comeBack(way)).browser).toBeDefined()
    expect((await comeBack(way)).browser).toBeUndefined()
  })

  it('is not finished with the answer to another', async () => {
    const id = await enter()
    const [mine, other] = [await goToProvider(id), await goToProvider(id)]
    expect((await comeBack({ browser: mine.browser, back: other.back })).browser).toBeUndefined()
    expect(issuer.exchanges).toBe(0)
  })

  it('is not finished after ten minutes', async () => {
    const way = await goToProvider(await enter())
    web.deps.clock = { now: () => Date.now() + 10 * 60_000 }
    expect((await comeBack(way)).location).toBe('/sign-in?refused=not-begun-here')
  })

  it('keeps what it is about to itself, and its cookie from scripts', async () => {
    const off = await callFrom(firefox, begin.GET, 'GET', { params: { id: await enter() } })
    const cookie = off.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^wheelhouse-pending=\S+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/)
    const state = new URL(off.headers.get('location') ?? '').searchParams.get('state') ?? ''
    expect(state.length).toBeGreaterThan(20)
    expect(cookie).not.toContain(state)
  })

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example'])(
    'does not end at %s',
    async (next) => {
      expect((await signInBy(await enter(), next)).location).toBe('/')
    },
  )

  it('says when the person said no', async () => {
    const way = await goToProvider(await enter())
    way.back.search = new URLSearchParams({
      error: 'access_denied',
      state: way.back.searchParams.get('state') ?? '',
    }).toString()
    expect((await comeBack(way)).location).toBe('/sign-in?refused=denied')
  })

  it('leads nowhere with a way in that is not', async () => {
    const off = await callFrom(firefox, begin.GET, 'GET', { params: { id: 'idp-nothing' } })
    expect(off.headers.get('location')).toBe('/sign-in?refused=not-begun-here')
    const answer = await callFrom(firefox, callback.GET, 'GET', { query: '?code=x&state=y' })
    expect(answer.headers.get('location')).toBe('/sign-in?refused=not-begun-here')
  })
})

describe('the settings of an issuer', () => {
  it('never tell the secret, and keep it encrypted', async () => {
    const id = await enter()
    const shown = await (await call(providers.GET, 'GET', { as: web.tokens.admin })).text()
    expect(shown).toContain(issuer.url)
    expect(shown).not.toContain(issuer.clientSecret)
    expect((await web.store.getProvider(id))?.sealed).not.toContain(issuer.clientSecret)
    await web.store.chainAudit()
    expect(JSON.stringify(await web.store.listAudit({}))).not.toContain(issuer.clientSecret)
  })

  it('keep the secret where only the rules change, and want it anew where the issuer does', async () => {
    const id = await enter()
    const change = (more: object) =>
      call(providers.POST, 'POST', {
        as: web.tokens.admin,
        body: JSON.stringify({
          id,
          kind: 'oidc',
          name: 'Acme',
          issuer: issuer.url,
          clientId: issuer.clientId,
          rules: { createUnknown: true },
          ...more,
        }),
      })
    expect((await change({})).status).toBe(200)
    expect((await signInBy(id)).browser).toBeDefined()
    const refused = await change({ issuer: 'https://issuer.evil.example' })
    expect([refused.status, (await errorOf(refused)).message]).toEqual([400, 'The client secret is needed.'])
  })

  it('may name an address of this network only where that is allowed', async () => {
    const id = await enter()
    web.deps.identityProviders = identityProviders({ insideHosts: [] })
    const off = await callFrom(firefox, begin.GET, 'GET', { params: { id } })
    expect(off.headers.get('location')).toBe('/sign-in?refused=unreachable')
  })

  it('can be taken away; whoever came by it stays, with roles given by hand', async () => {
    const id = await enter()
    const arrived = await signInBy(id)
    const { id: person } = await whoIs(arrived)
    expect((await call(provider.DELETE, 'DELETE', { as: web.tokens.admin, params: { id } })).status).toBe(200)
    expect((await whoIs(arrived)).roles).toEqual({ dev: 'deployer' })
    const body = '{"roles":{"*":"viewer"}}'
    expect((await call(roles.POST, 'POST', { as: web.tokens.admin, params: { id: person }, body })).status).toBe(200)
  })
})
