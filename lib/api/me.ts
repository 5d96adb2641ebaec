import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { PersonName } from './people.ts'
import { Role } from './shared.ts'

export const Me = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.record(z.string(), Role),
  /** How this call was authenticated. */
  via: z.enum(['session', 'token']),
  /** Whether there is a password to show before it can be changed. */
  hasPassword: z.boolean(),
})
export type Me = z.infer<typeof Me>

export const getMe = endpoint({
  method: 'GET',
  path: '/api/v1/me',
  permission: 'signed-in',
  summary: 'Who is asking, and with which roles',
  response: Me,
})

export const renameSelf = endpoint({
  method: 'POST',
  path: '/api/v1/me',
  permission: 'signed-in',
  summary: 'How the caller is called',
  body: z.object({ name: PersonName }),
  response: z.object({ name: z.string() }),
})

export const changePassword = endpoint({
  method: 'POST',
  path: '/api/v1/me/password',
  permission: 'signed-in',
  summary: "Change the caller's password; every other session of theirs ends",
  body: z.object({
    /** Needed where there is a password already. */
    current: z.string().max(1000).optional(),
    password: z.string().max(1000),
  }),
  response: z.object({ changed: z.literal(true), sessionsEnded: z.number() }),
})
