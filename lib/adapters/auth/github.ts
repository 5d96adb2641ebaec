import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { callOutside, publicFetch } from '#lib/adapters/outbound-http/index.ts'
import type {
  IdentityProviders,
  PendingSignIn,
  ProviderAccess,
  ProviderRefusal,
} from '#lib/ports/identity-providers.ts'
import type { OutboundRules } from './identity-providers.ts'

type Begun = Awaited<ReturnType<IdentityProviders['begin']>>
type Finished = Awaited<ReturnType<IdentityProviders['finish']>>

const timeoutMs = 10_000
const maxBytes = 1_000_000
const random = (): string => randomBytes(32).toString('base64url')

/** OAuth app (or the user side of a GitHub App), with PKCE. GitHub is no OpenID issuer for people: its API says who came. */
export async function beginGithub(rules: OutboundRules, access: ProviderAccess, redirectUri: string): Promise<Begun> {
  const pending: PendingSignIn = { state: random(), nonce: random(), verifier: random() }
  const url = new URL('login/oauth/authorize', baseOf(access))
  url.search = new URLSearchParams({
    client_id: access.clientId,
    redirect_uri: redirectUri,
    scope: access.wantsGroups ? 'read:user user:email read:org' : 'read:user user:email',
    state: pending.state,
    code_challenge: createHash('sha256').update(pending.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString()
  return Promise.resolve({ kind: 'begun', url: url.href, pending })
}

export async function finishGithub(
  rules: OutboundRules,
  access: ProviderAccess,
  pending: PendingSignIn,
  redirectUri: string,
  answer: URLSearchParams,
): Promise<Finished> {
  const code = answer.get('code')
  if (answer.get('state') !== pending.state) return refused('not-begun-here', 'the state is another')
  if (!code) return refused('denied', `GitHub says ${answer.get('error')?.slice(0, 60) ?? 'nothing'}`)
  try {
    const token = await exchange(rules, access, { code, verifier: pending.verifier, redirectUri })
    if (!token) return refused('not-valid', 'GitHub does not take its code back')
    return await whoCame(rules, access, token)
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 300) : 'no answer'
    return refused(error instanceof z.ZodError || error instanceof SyntaxError ? 'not-valid' : 'unreachable', detail)
  }
}

const Token = z.object({ access_token: z.string().min(1) })
const User = z.object({ id: z.number().int(), login: z.string(), name: z.string().nullish() })
const Emails = z.array(z.object({ email: z.email(), primary: z.boolean(), verified: z.boolean() }))
const Organisations = z.array(z.object({ login: z.string() }))
const Teams = z.array(z.object({ slug: z.string(), organization: z.object({ login: z.string() }) }))

async function exchange(
  rules: OutboundRules,
  access: ProviderAccess,
  { code, verifier, redirectUri }: { code: string; verifier: string; redirectUri: string },
): Promise<string | undefined> {
  const form = new URLSearchParams({
    client_id: access.clientId,
    client_secret: access.clientSecret,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  })
  const { body } = await callOutside({
    ...outbound(rules, access),
    url: new URL('login/oauth/access_token', baseOf(access)),
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new TextEncoder().encode(form.toString()),
  })
  return Token.safeParse(JSON.parse(body.toString('utf8'))).data?.access_token
}

async function whoCame(rules: OutboundRules, access: ProviderAccess, token: string): Promise<Finished> {
  const ask = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const { status, body } = await callOutside({
      ...outbound(rules, access),
      url: new URL(path, apiOf(access)),
      headers: { accept: 'application/vnd.github+json', 'user-agent': 'wheelhouse' },
      authorization: `Bearer ${token}`,
    })
    if (status !== 200) throw new Error(`GitHub answers ${status} to ${path.split('?')[0]}`)
    return schema.parse(JSON.parse(body.toString('utf8')))
  }
  const user = await ask('user', User)
  const email = (await ask('user/emails?per_page=100', Emails)).find(({ primary, verified }) => primary && verified)
  if (!email) return refused('email-unverified', `${user.login} has no verified primary address`)
  const groups: string[] = []
  if (access.wantsGroups) {
    for (const { login } of await ask('user/orgs?per_page=100', Organisations)) groups.push(login)
    for (const team of await ask('user/teams?per_page=100', Teams))
      groups.push(`${team.organization.login}/${team.slug}`)
  }
  const name = user.name?.trim() || user.login
  const person = { subject: String(user.id), email: email.email.toLowerCase(), name: name.slice(0, 100), groups }
  return { kind: 'vouched', person }
}

const outbound = ({ insideHosts }: OutboundRules, access: ProviderAccess) => ({
  timeoutMs,
  maxBytes,
  insecure: insideHosts.includes(new URL(access.issuer).hostname),
  fetch: publicFetch(insideHosts),
})

const baseOf = ({ issuer }: ProviderAccess): string => (issuer.endsWith('/') ? issuer : `${issuer}/`)

/** GitHub Enterprise Server has its API below the same host. */
function apiOf(access: ProviderAccess): string {
  const base = new URL(baseOf(access))
  return base.hostname === 'github.com' ? 'https://api.github.com/' : new URL('api/v3/', base).href
}

const refused = (because: ProviderRefusal['because'], detail: string): ProviderRefusal => ({
  kind: 'refused',
  because,
  detail,
})
