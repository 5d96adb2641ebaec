import type { SignInRefusal } from '#lib/core/access/index.ts'

/** What happened at a provider, and the next step. */
export const refusalWords: Record<SignInRefusal, string> = {
  'not-begun-here': 'This sign-in was begun in another browser, too long ago, or it is done already. Begin again.',
  denied: 'The provider let you go without signing in. Try again, or use another way.',
  unreachable: 'The provider does not answer. Try again in a moment; if it stays, tell an administrator.',
  'not-valid': 'What the provider sent back could not be trusted. Try again; if it stays, tell an administrator.',
  'email-unverified': 'The provider has not verified your e-mail. Verify it there, then sign in again.',
  'not-allowed': 'You are not among those who may come in by this provider. Ask an administrator.',
  'unknown-person': 'Nobody has invited this address yet. Ask an administrator for an invitation.',
  taken: 'This address belongs to somebody who came by this provider as another. Ask an administrator.',
  'too-many': 'Too many sign-ins from this address have failed. Wait a few minutes, then try again.',
  disabled: 'This account is disabled. Ask an administrator.',
}
