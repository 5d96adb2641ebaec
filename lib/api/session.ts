import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { PersonName } from './people.ts'

const Link = z.string().min(16).max(200)
/** Longer than any that will do: what is wrong with one is told in words. */
const Password = z.string().max(1000)
const SignedIn = z.object({ email: z.string(), name: z.string() })

export const createSession = endpoint({
  method: 'POST',
  path: '/api/session',
  permission: 'public',
  summary: 'Exchange a one-time sign-in link for a session cookie',
  body: z.object({ link: Link }),
  response: SignedIn,
})

export const createPasswordSession = endpoint({
  method: 'POST',
  path: '/api/session/password',
  permission: 'public',
  summary: 'Sign in with e-mail and password',
  body: z.object({ email: z.string().trim().min(1).max(254), password: Password }),
  response: SignedIn,
})

export const getPasswordLink = endpoint({
  method: 'POST',
  path: '/api/session/password-link',
  permission: 'public',
  summary: 'Whom a link to choose a password is for; it stays good',
  body: z.object({ link: Link }),
  response: SignedIn,
})

export const choosePassword = endpoint({
  method: 'POST',
  path: '/api/session/password-link/use',
  permission: 'public',
  summary: 'Choose a password by such a link, and sign in',
  body: z.object({ link: Link, password: Password, name: PersonName.optional() }),
  response: SignedIn,
})

export const endSession = endpoint({
  method: 'DELETE',
  path: '/api/session',
  permission: 'public',
  summary: 'Sign out',
  response: z.object({ ended: z.literal(true) }),
})
