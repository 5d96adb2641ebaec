import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ById, Time, listOf } from './shared.ts'

export const RegistryCredential = z.object({
  id: z.string(),
  host: z.string(),
  /** Empty = the whole host. */
  path: z.string(),
  purpose: z.enum(['pull', 'push']),
  username: z.string(),
  createdAt: Time,
  createdBy: z.string(),
})
export type RegistryCredential = z.infer<typeof RegistryCredential>

export const listRegistryCredentials = endpoint({
  method: 'GET',
  path: '/api/v1/registries/credentials',
  permission: 'settings:read',
  summary: 'Credentials entered for registries, without their passwords',
  response: listOf(RegistryCredential),
})

export const saveRegistryCredential = endpoint({
  method: 'POST',
  path: '/api/v1/registries/credentials',
  permission: 'settings:write',
  summary: 'Enter a credential; its password can never be read back',
  body: z.object({
    /** `ghcr.io`, or `ghcr.io/acme` for what is below it alone. */
    registry: z.string().trim().min(1).max(300),
    /** `push`: promotions may set tags there. */
    purpose: z.enum(['pull', 'push']),
    username: z.string().trim().min(1).max(300),
    password: z.string().min(1).max(20_000),
  }),
  response: RegistryCredential,
})

export const removeRegistryCredential = endpoint({
  method: 'DELETE',
  path: '/api/v1/registries/credentials/{id}',
  permission: 'settings:write',
  summary: 'Forget a credential',
  params: ById,
  response: z.object({ removed: z.literal(true) }),
})
