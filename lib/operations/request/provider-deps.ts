import type { IdentityProviders, ProviderAccess } from '#lib/ports/identity-providers.ts'
import type { ProviderRecord } from '#lib/ports/store/index.ts'
import type { SignInDeps } from './open-session.ts'

export interface ProviderDeps extends SignInDeps {
  identityProviders: IdentityProviders
  /** With the web key; `binding` names the row it belongs to. */
  encrypt(text: string, binding: string): string
  /** Throws Fault `invalid` where it was not encrypted so. */
  decrypt(encrypted: string, binding: string): string
}

/** What a client's secret is bound to: with another issuer it cannot be read any more. */
export const providerBinding = ({ id, issuer }: Pick<ProviderRecord, 'id' | 'issuer'>): string =>
  `sign-in-provider ${id} ${issuer}`

export function accessOf(deps: ProviderDeps, provider: ProviderRecord): ProviderAccess {
  const { kind, issuer, clientId, rules } = provider
  return {
    kind,
    issuer,
    clientId,
    clientSecret: deps.decrypt(provider.sealed, providerBinding(provider)),
    groupsClaim: rules.groupsClaim,
    wantsGroups: rules.mapping.length > 0 || rules.groups.length > 0,
  }
}
