import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as passwordSession from '../../app/api/session/password/route.ts'
import * as me from '../../app/api/v1/me/route.ts'
import * as password from '../../app/api/v1/me/password/route.ts'
import * as ownSessions from '../../app/api/v1/me/sessions/route.ts'
import * as oneSession from '../../app/api/v1/sessions/[id]/route.ts'
import * as sessionsOf from '../../app/api/v1/people/[id]/sessions/route.ts'
import type { Session } from '#lib/api/people.ts'
import { freshId } from '#lib/wiring/secrets.ts'
import { callFrom, firefox, signedIn, signIn, type BrowserInTest } from '../fixtures/browser-in-test.ts'
import { startTestDatabase } from '../fixtures/test-database.ts'
import type { TestDatabase } from '../fixtures/test-database.ts'
import { call, errorOf, startWebInTest } from '../fixtures/web-in-test.ts'
import type { WebInTest } from '../fixtures/web-in-test.ts'

let database: TestDatabase
let web: WebInTest
let ann: string

const email = 'ann@example.com'
const right = 'seven red boats at dawn'
const wrong = 'seven red boats at noon'
const phone: BrowserInTest = { ...firefox, address: '192.0.2.9', userAgent: 'a phone' }

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())
beforeEach(async () => {
  web = await startWebInTest(await database.fresh())
  later(0)
  ann = freshId('per')
  await web.store.savePerson({ id: ann, email, name: 'Ann', roles: { '*': 'viewer' }, createdAt: 1 })
  await web.store.setPassword(ann, await web.deps.passwords.hash(right))
  return () => web.close()
})

const start = Date.now()

/** The clock of the web process stands still, so much after the start. */
function later(ms: number): void {
  web.deps.clock = { now: () => start + ms }
}

const statuses = async (tries: number, browser: BrowserInTest, as = email, secret = wrong): Promise<number[]> => {
  const seen: number[] = []
  for (let at = 0; at < tries; at += 1) seen.push((await signIn(browser, as, secret)).status)
  return seen
}

describe('a password', () => {
  it('signs in, whatever the case of the address', async () => {
    const browser = signedIn(firefox, await signIn(firefox, ' Ann@Example.com', right))
    expect((await callFrom(browser, me.GET, 'GET')).status).toBe(200)
  })

  it('that is wrong, and an account that is not, get one and the same answer', async () => {
    const answers = [await signIn(firefox, email, wrong), await signIn(firefox, 'nobody@example.com', wrong)]
    expect(answers.map(({ status }) => status)).toEqual([401, 401])
    const [one, other] = await Promise.all(answers.map((answer) => answer.text()))
    expect(one).toBe(other)
  })

  it('is asked for as long where there is no account', async () => {
    let verified = 0
    const { passwords } = web.deps
    web.deps.passwords = { ...passwords, verify: (...given) => ((verified += 1), passwords.verify(...given)) }
    await signIn(firefox, 'nobody@example.com', wrong)
    await signIn(firefox, email, wrong)
    expect(verified).toBe(2)
  })

  it('is not looked at any more after five failures, wherever they come from, even if it is right', async () => {
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5']) {
      expect((await signIn({ ...firefox, address }, email, wrong)).status).toBe(401)
    }
    const refused = await signIn(firefox, email, right)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect((await errorOf(refused)).code).toBe('rate-limited')
    later(2100)
    expect((await signIn(firefox, email, wrong)).status).toBe(401)
    later(4100)
    expect((await signIn(firefox, email, right)).status).toBe(429)
    later(6300)
    expect((await signIn(firefox, email, right)).status).toBe(200)
    expect(await statuses(5, firefox)).toEqual([401, 401, 401, 401, 401])
  })

  it('makes an account that is not wait in the same way', async () => {
    expect(await statuses(6, firefox, 'nobody@example.com')).toEqual([401, 401, 401, 401, 401, 429])
  })

  it('is tried no more often by many at once', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => signIn(firefox, email, wrong)))
    expect(all.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(all.filter(({ status }) => status === 429)).toHaveLength(7)
  })

  it('is not looked at from an address that has tried too many accounts', async () => {
    const tried = await Promise.all(
      Array.from({ length: 30 }, (_, at) => signIn(firefox, `person-${at}@example.com`, wrong)),
    )
    expect(new Set(tried.map(({ status }) => status))).toEqual(new Set([401]))
    expect((await signIn(firefox, email, right)).status).toBe(429)
    expect((await signIn(phone, email, right)).status).toBe(200)
  })

  it.each([
    ['from another site', { origin: 'https://evil.example' }, 403],
    ['from nowhere', { origin: '' }, 403],
    ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }, 400],
    ['as plain text', { 'content-type': 'text/plain' }, 400],
  ])('is not taken %s', async (_label, headers, status) => {
    const body = JSON.stringify({ email, password: right })
    expect((await callFrom(firefox, passwordSession.POST, 'POST', { body, headers })).status).toBe(status)
  })

  it('leaves no trace in the audit but that it was wrong', async () => {
    await signIn(firefox, email, wrong)
    await web.store.chainAudit()
    const [row] = (await web.store.listAudit({})).items
    expect(row).toMatchObject({
      kind: 'session.refused',
      actor: email,
      data: { way: 'password', address: '192.0.2.1' },
    })
    expect(JSON.stringify(row)).not.toContain('boats')
  })
})

describe('the own password', () => {
  const change = (browser: BrowserInTest, body: object) =>
    callFrom(browser, password.POST, 'POST', { body: JSON.stringify(body) })

  it('is changed by whoever knows it, and signs all others out', async () => {
    const [desk, other] = [
      signedIn(firefox, await signIn(firefox, email, right)),
      signedIn(phone, await signIn(phone, email, right)),
    ]
    const refused = await change(desk, { current: wrong, password: 'eight green boats at dusk' })
    expect([refused.status, (await errorOf(refused)).message]).toEqual([400, 'This is not your present password.'])
    expect((await change(desk, { password: 'eight green boats at dusk' })).status).toBe(400)
    expect((await change(desk, { current: right, password: 'short' })).status).toBe(400)
    const changed = await change(desk, { current: right, password: 'eight green boats at dusk' })
    expect(await changed.json()).toEqual({ changed: true, sessionsEnded: 1 })
    expect((await callFrom(desk, me.GET, 'GET')).status).toBe(200)
    expect((await callFrom(other, me.GET, 'GET')).status).toBe(401)
    expect((await signIn(phone, email, right)).status).toBe(401)
    expect((await signIn(phone, email, 'eight green boats at dusk')).status).toBe(200)
  })

  it('is not guessed at a desk somebody left', async () => {
    const desk = signedIn(firefox, await signIn(firefox, email, right))
    const tries = [1, 2, 3, 4, 5].map(() => change(desk, { current: wrong, password: 'eight green boats at dusk' }))
    await Promise.all(tries)
    expect((await change(desk, { current: right, password: 'eight green boats at dusk' })).status).toBe(429)
  })

  it('is not changed by a token', async () => {
    const body = JSON.stringify({ password: 'eight green boats at dusk' })
    expect((await call(password.POST, 'POST', { as: web.tokens.viewer, body })).status).toBe(403)
  })
})

const listed = async (browser: BrowserInTest): Promise<Session[]> =>
  ((await (await callFrom(browser, ownSessions.GET, 'GET')).json()) as { items: Session[] }).items

describe('sessions', () => {
  it('are listed with device and address, and ended one by one', async () => {
    const desk = signedIn(firefox, await signIn(firefox, email, right))
    const other = signedIn(phone, await signIn(phone, email, right))
    const seen = await listed(desk)
    expect(seen.map(({ userAgent, address, current, way }) => [userAgent, address, current, way]).sort()).toEqual([
      [firefox.userAgent, '192.0.2.1', true, 'password'],
      ['a phone', '192.0.2.9', false, 'password'],
    ])
    const id = seen.find(({ current }) => !current)?.id
    expect((await callFrom(desk, oneSession.DELETE, 'DELETE', { params: { id } })).status).toBe(200)
    expect((await callFrom(other, me.GET, 'GET')).status).toBe(401)
    expect(await listed(desk)).toHaveLength(1)
  })

  it('are all ended but the one that asks', async () => {
    const desk = signedIn(firefox, await signIn(firefox, email, right))
    for (let at = 0; at < 3; at += 1) await signIn(phone, email, right)
    const answer = await callFrom(desk, ownSessions.DELETE, 'DELETE')
    expect(await answer.json()).toEqual({ ended: 3 })
    expect((await callFrom(desk, me.GET, 'GET')).status).toBe(200)
  })

  it('of somebody else are an administrator’s to see and to end', async () => {
    const desk = signedIn(firefox, await signIn(firefox, email, right))
    const id = (await listed(desk))[0]?.id
    const as = (token: string) => ({ as: token, params: { id } })
    expect((await call(oneSession.DELETE, 'DELETE', as(web.tokens.deployer))).status).toBe(403)
    expect((await call(sessionsOf.GET, 'GET', { as: web.tokens.deployer, params: { id: ann } })).status).toBe(403)
    const shown = await call(sessionsOf.GET, 'GET', { as: web.tokens.admin, params: { id: ann } })
    expect(((await shown.json()) as { items: Session[] }).items.map((one) => one.id)).toEqual([id])
    expect((await call(oneSession.DELETE, 'DELETE', as(web.tokens.admin))).status).toBe(200)
    expect((await callFrom(desk, me.GET, 'GET')).status).toBe(401)
  })

  it('end after a week without use, and after a month whatever happens', async () => {
    const day = 86_400_000
    const desk = signedIn(firefox, await signIn(firefox, email, right))
    const status = async (days: number) => (later(days * day), (await callFrom(desk, me.GET, 'GET')).status)
    for (let days = 6; days < 30; days += 6) expect(await status(days)).toBe(200)
    expect(await status(30)).toBe(401)
    later(0)
    const idle = signedIn(firefox, await signIn(firefox, email, right))
    later(7 * day + 1000)
    expect((await callFrom(idle, me.GET, 'GET')).status).toBe(401)
  })
})

describe('a bad token', () => {
  it('is not excused by a good session', async () => {
    const desk = signedIn(firefox, await signIn(firefox, email, right))
    const headers = { authorization: 'Bearer wrong' }
    expect((await callFrom(desk, me.GET, 'GET', { headers })).status).toBe(401)
  })
})
