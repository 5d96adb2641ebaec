import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as begin from '../../app/api/session/begin/[id]/route.ts'
import * as me from '../../app/api/v1/me/route.ts'
import { callFrom, firefox } from '../fixtures/browser-in-test.ts'
import { comeBack, enterProvider } from '../fixtures/provider-sign-in.ts'
import { startTestDatabase } from '../fixtures/test-database.ts'
import type { TestDatabase } from '../fixtures/test-database.ts'
import { origin, startWebInTest } from '../fixtures/web-in-test.ts'
import type { WebInTest } from '../fixtures/web-in-test.ts'

/** The certified issuer of the makers of openid-client's protocol library: our own cannot share our misreadings of it. */
let server: Server
let issuer: string
let database: TestDatabase
let web: WebInTest

const client = { client_id: 'wheelhouse', client_secret: 'secret-of-the-client' }

beforeAll(async () => {
  database = await startTestDatabase()
  web = await startWebInTest(await database.fresh())
  server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = await newProvider()
  const answer = provider.callback()
  server.on('request', (request, response) => {
    // Whoever comes to the form is Ann.
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
    void provider.interactionFinished(request, response, { login: { accountId: 'ann' } })
  })
})
afterAll(async () => {
  await web.close()
  await new Promise((resolve) => server.close(resolve))
  await database.stop()
})

async function newProvider(): Promise<Provider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return new Provider(issuer, {
    clients: [{ ...client, redirect_uris: [`${origin}/api/session/callback`] }],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'k1' }] },
    cookies: { keys: ['key-of-the-cookies'] },
    pkce: { required: () => true },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: 'ann@example.com', email_verified: true, name: 'Ann', groups: ['devs'] }),
    }),
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client?.clientId, accountId: oidc.session?.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
}

/** What a browser does: follows redirects and keeps cookies, until it is sent back to us. */
async function follow(first: string): Promise<URL> {
  const jar = new Map<string, string>()
  let at = first
  for (let hops = 0; hops < 10 && !at.startsWith(origin); hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      jar.set(name, value)
    }
    const location = response.headers.get('location')
    if (!location) throw new Error(`${response.status} ${await response.text()}`)
    at = new URL(location, at).href
  }
  return new URL(at)
}

it('a certified issuer vouches for a person', async () => {
  const mapping = [{ group: 'devs', environment: 'dev', role: 'deployer' as const }]
  const id = await enterProvider(web.tokens.admin, {
    kind: 'oidc',
    name: 'Acme',
    issuer,
    clientId: client.client_id,
    clientSecret: client.client_secret,
    rules: { mapping, createUnknown: true },
  })
  const off = await callFrom(firefox, begin.GET, 'GET', { params: { id } })
  const cookie = off.headers.get('set-cookie')?.split(';')[0]
  const back = await follow(off.headers.get('location') ?? '')
  const arrived = await comeBack({ browser: { ...firefox, cookie }, back })
  expect(arrived.location).toBe('/')
  const who = await callFrom(arrived.browser ?? firefox, me.GET, 'GET')
  expect(await who.json()).toMatchObject({ email: 'ann@example.com', name: 'Ann', roles: { dev: 'deployer' } })
})
