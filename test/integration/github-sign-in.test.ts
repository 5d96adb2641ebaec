import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as me from '../../app/api/v1/me/route.ts'
import { githubClient, startGithubPeople, type GithubPeople } from '../fakes/github-people.ts'
import { callFrom, firefox } from '../fixtures/browser-in-test.ts'
import { comeBack, enterProvider, goToProvider, signInBy } from '../fixtures/provider-sign-in.ts'
import { startTestDatabase } from '../fixtures/test-database.ts'
import type { TestDatabase } from '../fixtures/test-database.ts'
import { startWebInTest } from '../fixtures/web-in-test.ts'
import type { WebInTest } from '../fixtures/web-in-test.ts'

let database: TestDatabase
let web: WebInTest
let github: GithubPeople

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())
beforeEach(async () => {
  web = await startWebInTest(await database.fresh())
  github = await startGithubPeople()
  return async () => {
    await github.close()
    await web.close()
  }
})

const enter = (rules: Partial<Parameters<typeof enterProvider>[1]['rules']> = {}, clientSecret?: string) =>
  enterProvider(web.tokens.admin, {
    kind: 'github',
    name: 'GitHub',
    issuer: github.url,
    ...githubClient,
    ...(clientSecret && { clientSecret }),
    rules: { createUnknown: true, ...rules },
  })

describe('GitHub', () => {
  it('vouches for a person by their primary address, and for organisations and teams as groups', async () => {
    const mapping = [
      { group: 'acme', environment: '*', role: 'viewer' as const },
      { group: 'acme/devs', environment: 'dev', role: 'deployer' as const },
    ]
    const { browser } = await signInBy(await enter({ mapping }))
    expect(await (await callFrom(browser ?? firefox, me.GET, 'GET')).json()).toMatchObject({
      email: 'ann@example.com',
      name: 'Ann Smith',
      roles: { '*': 'viewer', dev: 'deployer' },
    })
    expect(github.scope).toBe('read:user user:email read:org')
  })

  it('is not asked for organisations where they are of no use', async () => {
    github.user.name = null
    const { browser } = await signInBy(await enter({ defaultRoles: { '*': 'viewer' } }))
    expect(await (await callFrom(browser ?? firefox, me.GET, 'GET')).json()).toMatchObject({
      name: 'ann',
      roles: { '*': 'viewer' },
    })
    expect(github.scope).toBe('read:user user:email')
  })

  it.each<[string, () => void, string]>([
    [
      'an address it has not verified',
      () => github.emails.splice(0, 1, { email: 'ann@example.com', primary: true, verified: false }),
      'email-unverified',
    ],
    [
      'a verified address that is not the primary one',
      () => github.emails.splice(0, 1, { email: 'ann@example.com', primary: false, verified: true }),
      'email-unverified',
    ],
    ['somebody outside the organisation', () => github.organisations.splice(0), 'not-allowed'],
  ])('does not let in %s', async (_label, change, because) => {
    const id = await enter({ groups: ['acme'] })
    change()
    expect(await signInBy(id)).toEqual({ location: `/sign-in?refused=${because}`, browser: undefined })
  })

  it('lets nobody in with another secret, another state, or without consent', async () => {
    expect((await signInBy(await enter({}, 'wrong'))).location).toBe('/sign-in?refused=not-valid')
    const id = await enter()
    const [mine, other] = [await goToProvider(id), await goToProvider(id)]
    expect((await comeBack({ browser: mine.browser, back: other.back })).location).toBe(
      '/sign-in?refused=not-begun-here',
    )
    const state = mine.back.searchParams.get('state') ?? ''
    mine.back.search = new URLSearchParams({ error: 'access_denied', state }).toString()
    expect((await comeBack(mine)).location).toBe('/sign-in?refused=denied')
  })

  it('that does not answer is told as such', async () => {
    const way = await goToProvider(await enter())
    await github.close()
    expect((await comeBack(way)).location).toBe('/sign-in?refused=unreachable')
  })
})
