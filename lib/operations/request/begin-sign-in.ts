import { z } from 'zod'
import { ownPath, type SignInRefusal } from '#lib/core/access/index.ts'
import { redirectUri } from '../read/list-providers.ts'
import { accessOf, type ProviderDeps } from './provider-deps.ts'

/** A sign-in that was begun ends after so long. */
export const pendingMs = 10 * 60_000

const pendingBinding = 'pending sign-in'

/** What is known again when the person comes back: encrypted in a cookie of theirs. */
const Pending = z.object({
  provider: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  /** Milliseconds since the epoch. */
  until: z.number(),
})
type Pending = z.infer<typeof Pending>

/** Where to send the browser, and what it keeps meanwhile. */
export async function beginSignIn(
  deps: ProviderDeps,
  id: string,
  next: string | undefined,
): Promise<
  { kind: 'begun'; url: string; cookie: string } | { kind: 'refused'; because: SignInRefusal; detail: string }
> {
  const provider = await deps.store.getProvider(id)
  if (!provider) return { kind: 'refused', because: 'not-begun-here', detail: 'there is no such provider' }
  const begun = await deps.identityProviders.begin(accessOf(deps, provider), redirectUri(deps))
  if (begun.kind === 'refused') return begun
  const pending: Pending = { provider: id, ...begun.pending, next: ownPath(next), until: deps.clock.now() + pendingMs }
  return { kind: 'begun', url: begun.url, cookie: deps.encrypt(JSON.stringify(pending), pendingBinding) }
}

/** Undefined for what we did not encrypt, and for what is too old. */
export function readPending(deps: ProviderDeps, cookie: string): Pending | undefined {
  try {
    const pending = Pending.safeParse(JSON.parse(deps.decrypt(cookie, pendingBinding)))
    return pending.success && pending.data.until > deps.clock.now() ? pending.data : undefined
  } catch {
    return undefined
  }
}
