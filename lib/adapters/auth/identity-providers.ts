import type { IdentityProviders } from '#lib/ports/identity-providers.ts'
import { beginGithub, finishGithub } from './github.ts'
import { beginOidc, finishOidc } from './oidc.ts'

export interface OutboundRules {
  /** Hosts of issuers that may be of this network, and be asked without TLS. */
  insideHosts: readonly string[]
}

/** Speaks to whoever vouches for people. */
export function identityProviders(rules: OutboundRules): IdentityProviders {
  return {
    begin: (access, redirectUri) =>
      access.kind === 'oidc' ? beginOidc(rules, access, redirectUri) : beginGithub(rules, access, redirectUri),
    finish: (access, pending, redirectUri, answer) =>
      access.kind === 'oidc'
        ? finishOidc(rules, access, pending, redirectUri, answer)
        : finishGithub(rules, access, pending, redirectUri, answer),
  }
}
