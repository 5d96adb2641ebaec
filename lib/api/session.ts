import { z } from 'zod'
import { endpoint } from './endpoint.ts'

export const createSession = endpoint({
  method: 'POST',
  path: '/api/session',
  permission: 'public',
  summary: 'Exchange a one-time sign-in link for a session cookie',
  body: z.object({ link: z.string().min(16).max(200) }),
  response: z.object({ email: z.string(), name: z.string() }),
})

export const endSession = endpoint({
  method: 'DELETE',
  path: '/api/session',
  permission: 'public',
  summary: 'Sign out',
  response: z.object({ ended: z.literal(true) }),
})
