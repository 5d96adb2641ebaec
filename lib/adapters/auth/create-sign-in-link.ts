import type { PeopleStore } from '../../ports/store/index.ts'
import { newSecret } from './secret.ts'

/** Returns the secret of a link that signs this person in once, until `expiresAt` (milliseconds since the epoch). */
export async function createSignInLink(
  store: Pick<PeopleStore, 'saveSignInLink'>,
  person: string,
  expiresAt: number,
): Promise<string> {
  const { secret, hash } = newSecret()
  await store.saveSignInLink(hash, person, expiresAt)
  return secret
}
