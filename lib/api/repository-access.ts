import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ById, CommandAnswer, Time, listOf } from './shared.ts'

export const DeployKey = z.object({
  id: z.string(),
  /** One line, as Git hosts take it. */
  publicKey: z.string(),
  /** `SHA256:…` */
  fingerprint: z.string(),
  createdAt: Time,
  createdBy: z.string(),
  /** `next`: it takes the place of the one in use once the Git host lets it in. */
  use: z.enum(['current', 'next']),
  /** When it first let the worker in; absent = not yet. */
  authenticatedAt: Time.optional(),
})
export type DeployKey = z.infer<typeof DeployKey>

export const listDeployKeys = endpoint({
  method: 'GET',
  path: '/api/v1/repository/deploy-keys',
  permission: 'settings:read',
  summary: 'The public half of the key that Git hosts know the worker by, and of the one that is to follow',
  response: listOf(DeployKey),
})

export const rotateDeployKey = endpoint({
  method: 'POST',
  path: '/api/v1/repository/deploy-keys/rotate',
  permission: 'settings:write',
  summary: 'Make a new deploy key; the old one is used until the Git host lets the new one in',
  response: CommandAnswer,
  answer: 'command',
})

export const HostKey = z.object({
  id: z.string(),
  /** `github.com`, `[git.example.com]:2222` */
  host: z.string(),
  type: z.string(),
  fingerprint: z.string(),
  pinnedAt: Time,
  /** Absent = it was the first one seen. */
  pinnedBy: z.string().optional(),
})
export type HostKey = z.infer<typeof HostKey>

export const listHostKeys = endpoint({
  method: 'GET',
  path: '/api/v1/repository/host-keys',
  permission: 'settings:read',
  summary: 'Keys by which SSH hosts prove themselves; others of theirs are refused',
  response: listOf(HostKey),
})

export const pinHostKey = endpoint({
  method: 'POST',
  path: '/api/v1/repository/host-keys',
  permission: 'settings:write',
  summary: 'Trust the key of a host, in place of the one of its type',
  body: z.object({
    /** A line of known_hosts, as `ssh-keyscan` prints it. */
    line: z.string().trim().min(1).max(4_000),
  }),
  response: HostKey,
})

export const forgetHostKey = endpoint({
  method: 'DELETE',
  path: '/api/v1/repository/host-keys/{id}',
  permission: 'settings:write',
  summary: 'Forget the key of a host; the next one seen is trusted',
  params: ById,
  response: z.object({ removed: z.literal(true) }),
})
