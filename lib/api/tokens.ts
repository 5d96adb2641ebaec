import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ById, EnvironmentName, Role, Time, listOf } from './shared.ts'

export const Token = z.object({
  id: z.string(),
  name: z.string(),
  person: z.string(),
  /** E-mail of its owner. */
  owner: z.string().optional(),
  role: Role,
  /** The only environments it is good for; absent = wherever its owner may. */
  environments: z.array(z.string()).optional(),
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
    /** Such a token can do nothing outside these environments. */
    environments: z.array(EnvironmentName).min(1).max(100).optional(),
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
