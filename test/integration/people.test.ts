import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as events from '../../app/api/events/route.ts'
import * as me from '../../app/api/v1/me/route.ts'
import * as people from '../../app/api/v1/people/route.ts'
import * as person from '../../app/api/v1/people/[id]/route.ts'
import * as disable from '../../app/api/v1/people/[id]/disable/route.ts'
import * as enable from '../../app/api/v1/people/[id]/enable/route.ts'
import * as passwordLink from '../../app/api/v1/people/[id]/password-link/route.ts'
import * as roles from '../../app/api/v1/people/[id]/roles/route.ts'
import * as lock from '../../app/api/v1/releases/[id]/lock/route.ts'
import * as releases from '../../app/api/v1/releases/route.ts'
import * as tokens from '../../app/api/v1/tokens/route.ts'
import * as shownLink from '../../app/api/session/password-link/route.ts'
import type { Role } from '#lib/core/access/index.ts'
import { ownAdmin } from '#lib/wiring/first-run.ts'
import { callFrom, choose, firefox, signedIn, signIn } from '../fixtures/browser-in-test.ts'
import { startTestDatabase } from '../fixtures/test-database.ts'
import type { TestDatabase } from '../fixtures/test-database.ts'
import { call, errorOf, startWebInTest } from '../fixtures/web-in-test.ts'
import type { WebInTest } from '../fixtures/web-in-test.ts'

let database: TestDatabase
let web: WebInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())
beforeEach(async () => {
  web = await startWebInTest(await database.fresh())
  return () => web.close()
})

const password = 'seven red boats at dawn'

interface Invited {
  link: string
  person: { id: string; email: string }
}

async function invite(email = 'ann@example.com', held: Record<string, Role> = { dev: 'deployer' }): Promise<Invited> {
  const body = JSON.stringify({ email, name: 'Ann', roles: held })
  const response = await call(people.POST, 'POST', { as: web.tokens.admin, body })
  expect(response.status).toBe(200)
  return (await response.json()) as Invited
}

/** As an administrator; the answer's status. */
async function act(handler: Parameters<typeof call>[0], method: string, id: string, body?: unknown): Promise<number> {
  const given = body === undefined ? {} : { body: JSON.stringify(body) }
  return (await call(handler, method, { as: web.tokens.admin, params: { id }, ...given })).status
}

const audited = async (kind: string) => (await web.deps.store.chainAudit(), web.store.listAudit({ kind }))

describe('an invitation', () => {
  it('lets a person choose a password, and do what their roles allow', async () => {
    const invited = await invite('Ann@Example.com')
    const secret = new URL(invited.link).searchParams.get('link')
    const shown = await callFrom(firefox, shownLink.POST, 'POST', { body: JSON.stringify({ link: secret }) })
    expect(await shown.json()).toEqual({ email: 'ann@example.com', name: 'Ann' })

    const browser = signedIn(firefox, await choose(firefox, invited.link, password, 'Ann Smith'))
    expect(await (await callFrom(browser, me.GET, 'GET')).json()).toEqual({
      id: invited.person.id,
      email: 'ann@example.com',
      name: 'Ann Smith',
      roles: { dev: 'deployer' },
      via: 'session',
      hasPassword: true,
    })
    const [dev, prod] = [await web.addRelease('podinfo-dev', 'dev'), await web.addRelease('podinfo-prod', 'prod')]
    const locked = (id: string) =>
      callFrom(browser, lock.POST, 'POST', { params: { id }, body: '{"message":"why"}' }).then(({ status }) => status)
    expect([await locked(dev), await locked(prod)]).toEqual([202, 403])
    expect((await audited('person.invited')).items[0]).toMatchObject({
      subject: 'ann@example.com',
      data: { after: { email: 'ann@example.com', name: 'Ann', roles: { dev: 'deployer' } } },
    })
  })

  it('works once', async () => {
    const { link } = await invite()
    expect((await choose(firefox, link, password)).status).toBe(200)
    expect((await choose(firefox, link, 'another password that is long')).status).toBe(401)
    expect((await signIn(firefox, 'ann@example.com', password)).status).toBe(200)
  })

  it('is not used up by a password that will not do', async () => {
    const { link } = await invite()
    const refused = await choose(firefox, link, 'too short')
    expect([refused.status, (await errorOf(refused)).message]).toEqual([400, 'A password has at least 12 characters.'])
    expect((await choose(firefox, link, password)).status).toBe(200)
  })

  it('is refused for somebody who is here already', async () => {
    await invite()
    const body = JSON.stringify({ email: 'ANN@example.com', name: 'Ann', roles: {} })
    const response = await call(people.POST, 'POST', { as: web.tokens.admin, body })
    expect([response.status, (await errorOf(response)).code]).toEqual([409, 'conflict'])
  })

  it.each([
    ['no address', { email: 'ann', name: 'Ann', roles: {} }],
    ['a role that is none', { email: 'ann@example.com', name: 'Ann', roles: { dev: 'root' } }],
    ['an environment that can be none', { email: 'ann@example.com', name: 'Ann', roles: { '../x': 'viewer' } }],
    ['no name', { email: 'ann@example.com', name: ' ', roles: {} }],
  ])('is refused with %s', async (_label, body) => {
    const response = await call(people.POST, 'POST', { as: web.tokens.admin, body: JSON.stringify(body) })
    expect(response.status).toBe(400)
  })
})

describe('a person', () => {
  it('is out at once when disabled: session, token, event stream, password and link', async () => {
    const { link, person: ann } = await invite('ann@example.com', { '*': 'admin' })
    const browser = signedIn(firefox, await choose(firefox, link, password))
    const made = await callFrom(browser, tokens.POST, 'POST', { body: '{"name":"ci","role":"viewer"}' })
    const { secret } = (await made.json()) as { secret: string }
    const stream = await callFrom(browser, events.GET, 'GET')
    const ended = stream.text()
    const next = (await (
      await call(passwordLink.POST, 'POST', { as: web.tokens.admin, params: { id: ann.id }, body: '{}' })
    ).json()) as { link: string }

    expect(await act(disable.POST, 'POST', ann.id, {})).toBe(200)
    await web.store.sequenceOutbox()
    expect((await callFrom(browser, me.GET, 'GET')).status).toBe(401)
    expect((await call(releases.GET, 'GET', { as: secret })).status).toBe(401)
    expect((await signIn(firefox, 'ann@example.com', password)).status).toBe(401)
    expect((await choose(firefox, next.link, password)).status).toBe(401)
    expect(await ended).toContain('event: hello')

    expect(await act(enable.POST, 'POST', ann.id, {})).toBe(200)
    expect((await callFrom(browser, me.GET, 'GET')).status).toBe(401)
    expect((await signIn(firefox, 'ann@example.com', password)).status).toBe(200)
  })

  it('is out at once when removed', async () => {
    const { link, person: ann } = await invite()
    const browser = signedIn(firefox, await choose(firefox, link, password))
    expect(await act(person.DELETE, 'DELETE', ann.id)).toBe(200)
    expect((await callFrom(browser, me.GET, 'GET')).status).toBe(401)
    expect((await signIn(firefox, 'ann@example.com', password)).status).toBe(401)
    expect(await act(person.DELETE, 'DELETE', ann.id)).toBe(404)
    expect((await audited('person.removed')).items[0]?.data).toEqual({
      before: { email: 'ann@example.com', name: 'Ann', roles: { dev: 'deployer' } },
    })
  })

  it('may do what their roles say from the next call on', async () => {
    const { link, person: ann } = await invite()
    const browser = signedIn(firefox, await choose(firefox, link, password))
    const list = () => callFrom(browser, people.GET, 'GET').then(({ status }) => status)
    expect(await list()).toBe(403)
    expect(await act(roles.POST, 'POST', ann.id, { roles: { '*': 'admin' } })).toBe(200)
    expect(await list()).toBe(200)
    expect((await audited('person.roles')).items[0]?.data).toEqual({
      before: { dev: 'deployer' },
      after: { '*': 'admin' },
    })
  })

  it('is signed out everywhere by a new password chosen with a link', async () => {
    const { link, person: ann } = await invite()
    const browser = signedIn(firefox, await choose(firefox, link, password))
    const made = await call(passwordLink.POST, 'POST', { as: web.tokens.admin, params: { id: ann.id }, body: '{}' })
    expect((await callFrom(browser, me.GET, 'GET')).status).toBe(200)
    const next = (await made.json()) as { link: string }
    expect((await choose(firefox, next.link, 'eight green boats at dusk')).status).toBe(200)
    expect((await callFrom(browser, me.GET, 'GET')).status).toBe(401)
    expect((await signIn(firefox, 'ann@example.com', password)).status).toBe(401)
  })
})

describe('the last administrator', () => {
  /** The only one left: everybody else has lost the role. */
  async function lastAdmin(): Promise<string> {
    const admins = (await web.store.listPeople()).filter((one) => one.roles['*'] === 'admin')
    expect(admins).toHaveLength(1)
    return admins[0]?.id ?? ''
  }

  it('is neither demoted, nor disabled, nor removed', async () => {
    const id = await lastAdmin()
    expect(await act(roles.POST, 'POST', id, { roles: { '*': 'approver' } })).toBe(409)
    expect(await act(disable.POST, 'POST', id, {})).toBe(409)
    expect(await act(person.DELETE, 'DELETE', id)).toBe(409)
    expect((await web.store.getPerson(id))?.roles).toEqual({ '*': 'admin' })
    expect((await audited('person')).items).toEqual([])
  })

  it('stays even when two take the role from each other at once', async () => {
    const first = await lastAdmin()
    const { person: second } = await invite('bob@example.com', { '*': 'admin' })
    const both = await Promise.all(
      [first, second.id].map((id) => act(roles.POST, 'POST', id, { roles: { '*': 'viewer' } })),
    )
    // Whoever comes second has lost the role, or would take it from the last one.
    expect(both.filter((status) => status === 200)).toHaveLength(1)
    expect((await web.store.listPeople()).filter((one) => one.roles['*'] === 'admin')).toHaveLength(1)
  })
})

describe('whoever runs the machine', () => {
  it('comes in as an administrator while nobody else is one, or while that one is left in place', async () => {
    for (const one of await web.store.listPeople()) await web.store.removePerson(one.id)
    const own = await ownAdmin(web.store)
    expect(own).toMatchObject({ email: 'admin@wheelhouse.local', roles: { '*': 'admin' } })
    expect(await ownAdmin(web.store)).toEqual(own)
  })

  it('does not come in as somebody else', async () => {
    expect(await ownAdmin(web.store)).toBeUndefined()
    expect(await web.store.findPersonByEmail('admin@wheelhouse.local')).toBeUndefined()
  })
})

describe('a token for one environment', () => {
  it('works there, and nowhere else', async () => {
    const made = await call(tokens.POST, 'POST', {
      as: web.tokens.admin,
      body: '{"name":"ci","role":"deployer","environments":["dev"]}',
    })
    const { secret } = (await made.json()) as { secret: string }
    const [dev, prod] = [await web.addRelease('podinfo-dev', 'dev'), await web.addRelease('podinfo-prod', 'prod')]
    const locked = async (id: string) =>
      (await call(lock.POST, 'POST', { as: secret, params: { id }, body: '{"message":"why"}' })).status
    expect([await locked(dev), await locked(prod)]).toEqual([202, 403])
    expect((await call(people.GET, 'GET', { as: secret })).status).toBe(403)
    const list = (await (await call(releases.GET, 'GET', { as: secret })).json()) as { items: { id: string }[] }
    expect(list.items.map(({ id }) => id)).toEqual([dev])
  })
})
