import type { SignInRefusal } from '#lib/core/access/index.ts'

/** How a provider is reached. */
export interface ProviderAccess {
  kind: 'oidc' | 'github'
  issuer: string
  clientId: string
  clientSecret: string
  /** Where claims hold groups (OpenID Connect). */
  groupsClaim: string
  /** Whether groups are of use: GitHub is asked for them only then. */
  wantsGroups: boolean
}

/** What must be known again when the person comes back; it travels encrypted in their browser. */
export interface PendingSignIn {
  state: string
  nonce: string
  /** Of PKCE (RFC 7636). */
  verifier: string
}

export interface VouchedPerson {
  /** Never changes, and is never given to another. */
  subject: string
  /** Verified by the provider. */
  email: string
  name: string
  groups: string[]
}

/** `detail` is for the log and the audit trail, not for strangers. */
export interface ProviderRefusal {
  kind: 'refused'
  because: SignInRefusal
  detail: string
}

export interface IdentityProviders {
  /** Where to send the browser. */
  begin(
    access: ProviderAccess,
    redirectUri: string,
  ): Promise<{ kind: 'begun'; url: string; pending: PendingSignIn } | ProviderRefusal>
  /** `answer` is the query the browser came back with. */
  finish(
    access: ProviderAccess,
    pending: PendingSignIn,
    redirectUri: string,
    answer: URLSearchParams,
  ): Promise<{ kind: 'vouched'; person: VouchedPerson } | ProviderRefusal>
}
