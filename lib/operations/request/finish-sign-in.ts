import { addressLimits, keepsAnAdmin, mayComeIn, rolesOfGroups, type SignInRefusal } from '#lib/core/access/index.ts'
import { canonicalJson } from '#lib/core/audit/index.ts'
import type { VouchedPerson } from '#lib/ports/identity-providers.ts'
import type { PersonRecord, ProviderRecord, Store } from '#lib/ports/store/index.ts'
import { readPending } from './begin-sign-in.ts'
import { addressKey, countTry, takeBackTry } from './count-tries.ts'
import { openSession, type Client, type OpenedSession } from './open-session.ts'
import { redirectUri } from '../read/list-providers.ts'
import { accessOf, type ProviderDeps } from './provider-deps.ts'

interface Refused {
  kind: 'refused'
  because: SignInRefusal
}

/** Takes what a provider sends back, and opens a session for whom it vouches for and who may come in. */
export async function finishSignIn(
  deps: ProviderDeps,
  cookie: string | undefined,
  answer: URLSearchParams,
  client: Client,
): Promise<{ kind: 'opened'; opened: OpenedSession; next: string } | Refused> {
  const pending = cookie === undefined ? undefined : readPending(deps, cookie)
  const provider = pending && (await deps.store.getProvider(pending.provider))
  if (!pending || !provider) return { kind: 'refused', because: 'not-begun-here' }
  const key = addressKey(client.address)
  if ((await countTry(deps, key, addressLimits)) > 0) return { kind: 'refused', because: 'too-many' }
  const vouched = await deps.identityProviders.finish(accessOf(deps, provider), pending, redirectUri(deps), answer)
  if (vouched.kind === 'refused') return refuse(deps, provider, client, vouched.because, vouched.detail)
  const { person: came } = vouched
  if (!mayComeIn(provider.rules, came)) return refuse(deps, provider, client, 'not-allowed', came.email)
  const found = await deps.store.transaction(async (store) => {
    const people = await store.holdPeople()
    const known = await findOrCreate(deps, store, provider, came)
    if (typeof known === 'string') return known
    const person = await renewRoles(deps, store, people, provider, known, came.groups)
    return openSession(deps, store, person, provider.name, client)
  })
  if (typeof found === 'string') return refuse(deps, provider, client, found, came.email)
  await takeBackTry(deps, key)
  return { kind: 'opened', opened: found, next: pending.next }
}

async function refuse(
  deps: ProviderDeps,
  provider: ProviderRecord,
  { address }: Client,
  because: SignInRefusal,
  detail: string,
): Promise<Refused> {
  const entry = { at: deps.clock.now(), kind: 'session.refused', actor: provider.name, subject: provider.name }
  await deps.store.record([{ ...entry, reason: detail, data: { way: provider.name, because, address } }])
  return { kind: 'refused', because }
}

/** Known by the provider's subject, else by the e-mail it has verified; else new, where the rules say so. */
async function findOrCreate(
  deps: ProviderDeps,
  store: Store,
  provider: ProviderRecord,
  came: VouchedPerson,
): Promise<PersonRecord | SignInRefusal> {
  const now = deps.clock.now()
  const known = await store.findByIdentity(provider.id, came.subject)
  if (known) return known.disabledAt === undefined ? known : 'disabled'
  const same = await store.findPersonByEmail(came.email)
  if (same) {
    if (same.disabledAt !== undefined) return 'disabled'
    // Another subject with the address of somebody who came before: an address that was given to a second person.
    if ((await store.subjectOf(provider.id, same.id)) !== undefined) return 'taken'
  } else if (!provider.rules.createUnknown) {
    return 'unknown-person'
  }
  const person = same ?? newPerson(deps, provider, came)
  if (!same) await store.savePerson(person)
  await store.saveIdentity(provider.id, came.subject, person.id, now)
  const data = { provider: provider.name, subject: came.subject, created: !same }
  await store.record([{ at: now, kind: 'person.linked', actor: provider.name, subject: person.email, data }])
  return person
}

/** Roles of whoever comes by a provider without being invited are the provider's word from then on. */
const newPerson = (deps: ProviderDeps, provider: ProviderRecord, { email, name }: VouchedPerson): PersonRecord => ({
  id: deps.newId('per'),
  email,
  name,
  roles: {},
  rolesFrom: provider.id,
  createdAt: deps.clock.now(),
})

/** Teams are noted of everybody; roles are renewed where they come from the groups, unless nobody could administer then. */
async function renewRoles(
  deps: ProviderDeps,
  store: Store,
  people: readonly PersonRecord[],
  provider: ProviderRecord,
  person: PersonRecord,
  groups: string[],
): Promise<PersonRecord> {
  const fromGroups = person.rolesFrom === provider.id
  const roles = fromGroups ? rolesOfGroups(provider.rules, groups) : person.roles
  const kept = !keepsAnAdmin(people, person.id, { roles })
  const next = { ...person, teams: groups, roles: kept ? person.roles : roles }
  if (canonicalJson(next) !== canonicalJson(person)) await store.savePerson(next)
  if (canonicalJson(roles) === canonicalJson(person.roles)) return next
  const entry = { at: deps.clock.now(), actor: provider.name, subject: person.email }
  const data = { before: person.roles, after: roles, groups }
  const reason = kept ? 'The last administrator keeps the role.' : undefined
  await store.record([{ ...entry, kind: kept ? 'person.roles-kept' : 'person.roles', reason, data }])
  return next
}
