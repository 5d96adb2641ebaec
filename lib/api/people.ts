import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ById, Role, Time, listOf } from './shared.ts'

export const Person = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  /** Role by environment; `*` = all. */
  roles: z.record(z.string(), Role),
  createdAt: Time,
  disabledAt: Time.optional(),
})
export type Person = z.infer<typeof Person>

export const Me = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.record(z.string(), Role),
  /** How this call was authenticated. */
  via: z.enum(['session', 'token']),
})
export type Me = z.infer<typeof Me>

export const getMe = endpoint({
  method: 'GET',
  path: '/api/v1/me',
  permission: 'signed-in',
  summary: 'Who is asking, and with which roles',
  response: Me,
})

export const listPeople = endpoint({
  method: 'GET',
  path: '/api/v1/people',
  permission: 'people:read',
  summary: 'People and their roles',
  response: listOf(Person),
})

export const Token = z.object({
  id: z.string(),
  name: z.string(),
  person: z.string(),
  role: Role,
  createdAt: Time,
  expiresAt: Time,
  lastUsedAt: Time.optional(),
  revokedAt: Time.optional(),
})
export type Token = z.infer<typeof Token>

export const listTokens = endpoint({
  method: 'GET',
  path: '/api/v1/tokens',
  permission: 'tokens:write',
  summary: 'API tokens',
  response: listOf(Token),
})

export const createToken = endpoint({
  method: 'POST',
  path: '/api/v1/tokens',
  permission: 'tokens:write',
  summary: 'A new API token; its secret is told once',
  body: z.object({
    name: z.string().trim().min(1).max(100),
    role: Role,
    expiresInDays: z.number().int().min(1).max(365).default(90),
  }),
  response: z.object({ token: Token, secret: z.string() }),
})

export const revokeToken = endpoint({
  method: 'DELETE',
  path: '/api/v1/tokens/{id}',
  permission: 'tokens:write',
  summary: 'Revoke a token at once',
  params: ById,
  response: z.object({ revoked: z.literal(true) }),
})
