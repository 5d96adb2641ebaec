import type { ProviderRules } from '#lib/core/access/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { ProviderRecord } from '#lib/ports/store/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { shownProvider, type ShownProvider } from '../read/list-providers.ts'
import { providerBinding, type ProviderDeps } from './provider-deps.ts'

export interface GivenProvider {
  /** Absent = a new one. */
  id?: string
  kind: ProviderRecord['kind']
  name: string
  issuer: string
  clientId: string
  /** Absent = the one there is, as long as kind, issuer and client stay. */
  clientSecret?: string
  rules: ProviderRules
}

/** Keeps who vouches for people. Throws `not-found`, `invalid` where a secret is needed. */
export async function saveProvider(deps: ProviderDeps, caller: Caller, given: GivenProvider): Promise<ShownProvider> {
  ask(caller, 'settings:write')
  const at = deps.clock.now()
  const before = given.id === undefined ? undefined : await deps.store.getProvider(given.id)
  if (given.id !== undefined && !before) throw new Fault('not-found', 'There is no such way to sign in.')
  const { kind, name, clientId, rules } = given
  const issuer = given.issuer.replace(/\/+$/, '')
  const id = before?.id ?? deps.newId('idp')
  const sealed =
    given.clientSecret === undefined
      ? secretThatStays(before, { kind, issuer, clientId })
      : deps.encrypt(given.clientSecret, providerBinding({ id, issuer }))
  const made = { createdAt: before?.createdAt ?? at, createdBy: before?.createdBy ?? caller.email }
  const record: ProviderRecord = { id, kind, name, issuer, clientId, sealed, rules, ...made }
  await deps.store.transaction(async (store) => {
    await store.saveProvider(record)
    const data = { ...(before && { before: audited(before) }), after: audited(record) }
    await store.record([{ at, kind: 'sign-in-provider.saved', actor: caller.email, subject: name, data }])
  })
  return shownProvider(record)
}

/** A secret never goes to another address than the one it was entered for. */
function secretThatStays(
  before: ProviderRecord | undefined,
  now: Pick<ProviderRecord, 'kind' | 'issuer' | 'clientId'>,
): string {
  const same = before && before.kind === now.kind && before.issuer === now.issuer && before.clientId === now.clientId
  if (same) return before.sealed
  throw new Fault('invalid', 'The client secret is needed.', {
    suggestion: before ? 'It is entered anew when the issuer or the client changes.' : 'The provider shows it once.',
  })
}

/** The name of the provider, without secrets. */
const audited = ({ kind, name, issuer, clientId, rules }: ProviderRecord) => ({ kind, name, issuer, clientId, rules })

/** Nobody comes in by it any more; whoever did stays, with the roles of now. Throws `not-found`. */
export async function removeProvider(deps: ProviderDeps, caller: Caller, id: string): Promise<{ removed: true }> {
  ask(caller, 'settings:write')
  const known = await deps.store.getProvider(id)
  if (!known) throw new Fault('not-found', 'There is no such way to sign in.')
  await deps.store.transaction(async (store) => {
    await store.removeProvider(id)
    const entry = { at: deps.clock.now(), kind: 'sign-in-provider.removed', actor: caller.email, subject: known.name }
    await store.record([{ ...entry, data: { before: audited(known) } }])
  })
  return { removed: true }
}
