import type { ProviderRules } from '../../core/access/index.ts'
import type { PersonRecord } from './people.ts'

export interface ProviderRecord {
  id: string
  kind: 'oidc' | 'github'
  /** As the button on the sign-in page says. */
  name: string
  /** Issuer of OpenID Connect, or the address of GitHub. */
  issuer: string
  clientId: string
  /** The client's secret, encrypted with the web key and bound to id and issuer. */
  sealed: string
  rules: ProviderRules
  createdAt: number
  createdBy: string
}

export interface ProviderStore {
  listProviders(): Promise<ProviderRecord[]>
  getProvider(id: string): Promise<ProviderRecord | undefined>
  saveProvider(record: ProviderRecord): Promise<void>
  /** People who came by it stay, with the roles they have. */
  removeProvider(id: string): Promise<void>
  /** Disabled people too. */
  findByIdentity(provider: string, subject: string): Promise<PersonRecord | undefined>
  /** Who a person is for a provider; undefined = they never came by it. */
  subjectOf(provider: string, person: string): Promise<string | undefined>
  saveIdentity(provider: string, subject: string, person: string, at: number): Promise<void>
}
