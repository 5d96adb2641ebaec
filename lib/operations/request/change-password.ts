import { accountLimits } from '#lib/core/access/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Caller } from '../read/caller.ts'
import { checkPassword } from './choose-password.ts'
import { countTry, forgetTries, tooManyTries } from './count-tries.ts'
import type { SignInDeps } from './open-session.ts'

/**
 * A person's own password: whoever has one shows it first. Every other session of theirs ends. Throws `forbidden`,
 * `invalid`, `rate-limited`.
 */
export async function changePassword(
  deps: SignInDeps,
  caller: Caller,
  given: { current?: string; password: string },
): Promise<{ changed: true; sessionsEnded: number }> {
  if (caller.via !== 'session') throw new Fault('forbidden', 'A token cannot change the password of its owner.')
  const known = await deps.store.passwordOf(caller.id)
  if (known !== undefined) await checkCurrent(deps, caller, given.current ?? '', known)
  checkPassword(given.password, caller)
  const encoded = await deps.passwords.hash(given.password)
  const at = deps.clock.now()
  const sessionsEnded = await deps.store.transaction(async (store) => {
    await store.setPassword(caller.id, encoded)
    await store.removeSignInLinks(caller.id)
    const ended = await store.endSessions(caller.id, { except: caller.session })
    const data = { sessionsEnded: ended }
    await store.record([{ at, kind: 'password.changed', actor: caller.email, subject: caller.email, data }])
    return ended
  })
  return { changed: true, sessionsEnded }
}

/** A session left open on somebody's desk is no way to guess the password either. */
async function checkCurrent(deps: SignInDeps, caller: Caller, current: string, known: string): Promise<void> {
  const key = `change ${caller.id}`
  const wait = await countTry(deps, key, accountLimits)
  if (wait > 0) throw tooManyTries(wait)
  if (!(await deps.passwords.verify(current, known))) {
    throw new Fault('invalid', 'This is not your present password.', {
      suggestion: 'Whoever has forgotten it asks an administrator for a link to choose another.',
    })
  }
  await forgetTries(deps, key)
}
