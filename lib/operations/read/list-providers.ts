import type { ProviderRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

interface Deps {
  store: Pick<Store, 'listProviders'>
  webUrl: string
}

/** Everything but the secret. */
export type ShownProvider = Omit<ProviderRecord, 'sealed'>

export function shownProvider(record: ProviderRecord): ShownProvider {
  const { id, kind, name, issuer, clientId, rules, createdAt, createdBy } = record
  return { id, kind, name, issuer, clientId, rules, createdAt, createdBy }
}

/** Registered at a provider as the one address people are sent back to. */
export const redirectUri = ({ webUrl }: Pick<Deps, 'webUrl'>): string => `${webUrl}/api/session/callback`

export async function listProviders(
  deps: Deps,
  caller: Caller,
): Promise<{ items: ShownProvider[]; redirectUri: string }> {
  ask(caller, 'settings:read')
  return { items: (await deps.store.listProviders()).map(shownProvider), redirectUri: redirectUri(deps) }
}

/** What everybody may know: how one can come in. */
export async function listWays(deps: Deps): Promise<{ items: Pick<ProviderRecord, 'id' | 'kind' | 'name'>[] }> {
  return { items: (await deps.store.listProviders()).map(({ id, kind, name }) => ({ id, kind, name })) }
}
