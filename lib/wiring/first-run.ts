import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PersonRecord, Store } from '#lib/ports/store/index.ts'
import { freshId, hashSecret, newSecret } from './secrets.ts'

type Role = PersonRecord['roles'][string]
type People = Pick<
  Store,
  'listPeople' | 'findPersonByEmail' | 'savePerson' | 'saveSignInLink' | 'findToken' | 'saveToken'
>

const linkLifeMs = 24 * 3_600_000
const tokenLifeMs = 365 * 86_400_000

const emailOf = (role: Role): string => `${role}@wheelhouse.local`

/** The person of an installation's own making for a role, created at first sight. */
export async function ensurePerson(store: People, role: Role): Promise<PersonRecord> {
  const email = emailOf(role)
  const known = await store.findPersonByEmail(email)
  if (known) return known
  const name = `${role.slice(0, 1).toUpperCase()}${role.slice(1)}`
  const person: PersonRecord = { id: freshId('per'), email, name, roles: { '*': role }, createdAt: Date.now() }
  await store.savePerson(person)
  return person
}

/**
 * The installation's own administrator, made where nobody administers yet. Undefined = it was disabled, removed or given
 * another role, since others administer: a link in the log would then act in the name of one of them.
 */
export async function ownAdmin(store: People): Promise<PersonRecord | undefined> {
  const admins = (await store.listPeople()).filter(
    ({ roles, disabledAt }) => roles['*'] === 'admin' && disabledAt === undefined,
  )
  if (admins.length === 0) return ensurePerson(store, 'admin')
  return admins.find(({ email }) => email === emailOf('admin'))
}

/** A link that signs `person` in once, within a day. */
export async function newSignInLink(store: People, webUrl: string, person: PersonRecord): Promise<string> {
  const { secret, hash } = newSecret()
  await store.saveSignInLink(hash, person.id, Date.now() + linkLifeMs)
  return `${webUrl}/sign-in?link=${secret}`
}

/** The admin API token of whoever runs this on their own machine: the same over restarts, kept beside the data (0600). */
export async function ensureAdminToken(store: People, dataDir: string, admin: PersonRecord): Promise<string> {
  const file = join(dataDir, 'api-token')
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim()
  const now = Date.now()
  if (kept && (await store.findToken(hashSecret(kept), now))) return kept
  const { secret, hash } = newSecret()
  await store.saveToken(
    {
      id: freshId('tok'),
      name: 'start',
      person: admin.id,
      role: 'admin',
      createdAt: now,
      expiresAt: now + tokenLifeMs,
    },
    hash,
  )
  await mkdir(dataDir, { recursive: true })
  await writeFile(file, `${secret}\n`, { mode: 0o600 })
  await chmod(file, 0o600)
  return secret
}
