import * as oidc from 'openid-client'
import { groupsIn } from '#lib/core/access/index.ts'
import { OutboundFailure, publicFetch } from '#lib/adapters/outbound-http/index.ts'
import type {
  IdentityProviders,
  PendingSignIn,
  ProviderAccess,
  ProviderRefusal,
} from '#lib/ports/identity-providers.ts'
import type { OutboundRules } from './identity-providers.ts'

type Begun = Awaited<ReturnType<IdentityProviders['begin']>>
type Finished = Awaited<ReturnType<IdentityProviders['finish']>>

const timeoutSeconds = 10
const longestName = 100

/** OpenID Connect Core 1.0, authorization code flow with PKCE, state and nonce. */
export async function beginOidc(rules: OutboundRules, access: ProviderAccess, redirectUri: string): Promise<Begun> {
  try {
    const config = await discover(rules, access)
    const pending: PendingSignIn = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    }
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid email profile',
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
    })
    return { kind: 'begun', url: url.href, pending }
  } catch (error) {
    return refusalOf(error)
  }
}

/** openid-client checks issuer, audience, times, nonce, state and, as we ask it to, the signature. */
export async function finishOidc(
  rules: OutboundRules,
  access: ProviderAccess,
  pending: PendingSignIn,
  redirectUri: string,
  answer: URLSearchParams,
): Promise<Finished> {
  try {
    const config = await discover(rules, access)
    const tokens = await oidc.authorizationCodeGrant(config, new URL(`${redirectUri}?${answer.toString()}`), {
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.verifier,
      idTokenExpected: true,
    })
    const token = tokens.claims()
    if (!token) return { kind: 'refused', because: 'not-valid', detail: 'there is no ID token' }
    return vouched(access, await withUserInfo(config, tokens.access_token, token))
  } catch (error) {
    return refusalOf(error)
  }
}

/** Issuers may keep all but the subject for their user-info endpoint. */
async function withUserInfo(
  config: oidc.Configuration,
  accessToken: string,
  token: oidc.IDToken,
): Promise<Record<string, unknown>> {
  if (typeof token.email === 'string' || !config.serverMetadata().userinfo_endpoint) return token
  return { ...(await oidc.fetchUserInfo(config, accessToken, token.sub)), ...token }
}

function vouched(access: ProviderAccess, claims: Record<string, unknown>): Finished {
  const { sub, email, email_verified: verified, name } = claims
  if (typeof sub !== 'string' || typeof email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) {
    return { kind: 'refused', because: 'email-unverified', detail: 'the issuer tells no e-mail' }
  }
  if (verified !== true) {
    return { kind: 'refused', because: 'email-unverified', detail: `the issuer has not verified ${email}` }
  }
  const called = typeof name === 'string' && name.trim() !== '' ? name.trim() : (email.split('@')[0] ?? email)
  const groups = groupsIn(claims, access.groupsClaim)
  return {
    kind: 'vouched',
    person: { subject: sub, email: email.toLowerCase(), name: called.slice(0, longestName), groups },
  }
}

async function discover({ insideHosts }: OutboundRules, access: ProviderAccess): Promise<oidc.Configuration> {
  const issuer = new URL(access.issuer)
  const insecure =
    issuer.protocol === 'http:' && insideHosts.includes(issuer.hostname) ? [oidc.allowInsecureRequests] : []
  return oidc.discovery(issuer, access.clientId, access.clientSecret, undefined, {
    timeout: timeoutSeconds,
    execute: [oidc.enableNonRepudiationChecks, ...insecure],
    [oidc.customFetch]: (url, options) => publicFetch(insideHosts)(url, options as RequestInit),
  })
}

/** What openid-client says is about the protocol; it quotes no secret. */
function refusalOf(error: unknown): ProviderRefusal {
  const chain = causesOf(error)
  const detail = chain
    .map(({ message }) => message)
    .join(': ')
    .slice(0, 300)
  const codes = chain.map((one) => ('code' in one ? String(one.code) : one.name))
  if (chain.some((one) => one instanceof oidc.AuthorizationResponseError)) {
    return { kind: 'refused', because: 'denied', detail }
  }
  const away = chain.some((one) => one instanceof OutboundFailure) || codes.some((code) => unreachable.test(code))
  return { kind: 'refused', because: away ? 'unreachable' : 'not-valid', detail }
}

const unreachable =
  /^(OAUTH_TIMEOUT|TimeoutError|ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|UND_ERR\w+|OAUTH_RESPONSE_IS_NOT_\w+|OAUTH_HTTP_REQUEST_FORBIDDEN)$/

function causesOf(error: unknown): Error[] {
  const chain: Error[] = []
  for (let at = error; at instanceof Error && chain.length < 5; at = at.cause) chain.push(at)
  return chain
}
