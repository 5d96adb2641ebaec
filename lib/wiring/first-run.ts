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

/** The person of an installation's own making for a role, created at first sight. */
export async function ensurePerson(store: People, role: Role): Promise<PersonRecord> {
  const email = `${role}@wheelhouse.local`
  const known = await store.findPersonByEmail(email)
  if (known) return known
  const name = `${role.slice(0, 1).toUpperCase()}${role.slice(1)}`
  const person: PersonRecord = { id: freshId('per'), email, name, roles: { '*': role }, createdAt: Date.now() }
  await store.savePerson(person)
  return person
}

/** Whoever runs the machine can always get in: as the installation's own administrator, else as one of those there are. */
export async function ensureAdmin(store: People): Promise<PersonRecord> {
  const admins = (await store.listPeople()).filter(
    ({ roles, disabledAt }) => roles['*'] === 'admin' && disabledAt === undefined,
  )
  const own = admins.find(({ email }) => email === 'admin@wheelhouse.local')
  return own ?? admins[0] ?? ensurePerson(store, 'admin')
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
