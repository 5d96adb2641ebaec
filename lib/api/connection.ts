import { z } from 'zod'
import { RepositoryReach, TestStep } from '../core/connection/index.ts'
import { endpoint } from './endpoint.ts'
import { CommandAnswer, Time } from './shared.ts'

/** Without its secret. */
const Credential = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('password'), username: z.string() }),
  z.object({ kind: z.literal('github-token') }),
  z.object({ kind: z.literal('github-app'), appId: z.string() }),
])

export const Connection = z.object({
  /** `environment`: set where the processes are started, and read-only here. */
  source: z.enum(['environment', 'settings', 'none']),
  /** Without credentials. */
  url: z.string().optional(),
  branch: z.string(),
  /** Absent until the worker has opened it. */
  reach: RepositoryReach.optional(),
  /** As it was written on the page. */
  entered: z
    .object({ url: z.string(), credential: Credential, host: z.string(), savedAt: Time, savedBy: z.string() })
    .optional(),
  sync: z.object({
    state: z.enum(['unconfigured', 'waiting', 'ready', 'unreachable', 'failed']),
    reason: z.string().optional(),
    at: Time.optional(),
    head: z.string().optional(),
    subject: z.string().optional(),
  }),
  /** The last test of this repository and branch. */
  test: z.object({ at: Time, by: z.string(), steps: z.array(TestStep) }).optional(),
  /** When a webhook of Git last delivered. */
  webhookAt: Time.optional(),
})
export type Connection = z.infer<typeof Connection>

export const getConnection = endpoint({
  method: 'GET',
  path: '/api/v1/repository/connection',
  permission: 'settings:read',
  summary: 'Which repository is followed, by what it is reached, and what the last test of it found',
  response: Connection,
})

export const changeConnection = endpoint({
  method: 'PUT',
  path: '/api/v1/repository/connection',
  permission: 'settings:write',
  summary: 'Connect the config repository, or another one in its place; it is only observed at first',
  body: z.object({
    url: z.string().trim().min(1).max(2_000),
    branch: z.string().trim().min(1).max(250),
    /** `keep`: the one there is, where the host stays the same. Secrets can never be read back. */
    credential: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('keep') }),
      z.object({ kind: z.literal('none') }),
      z.object({
        kind: z.literal('password'),
        username: z.string().trim().min(1).max(300),
        password: z.string().min(1).max(20_000),
      }),
      z.object({ kind: z.literal('github-token'), token: z.string().trim().min(1).max(1_000) }),
      z.object({
        kind: z.literal('github-app'),
        appId: z
          .string()
          .trim()
          .regex(/^(\d{1,20}|Iv[\w.]{1,60})$/, 'neither the id nor the client id of a GitHub App'),
        /** PEM. */
        key: z.string().trim().min(1).max(20_000),
      }),
    ]),
  }),
  response: z.object({ saved: z.literal(true) }),
})

export const removeConnection = endpoint({
  method: 'DELETE',
  path: '/api/v1/repository/connection',
  permission: 'settings:write',
  summary: 'Follow no repository any more; nothing is deleted',
  response: z.object({ removed: z.literal(true) }),
})

export const testConnection = endpoint({
  method: 'POST',
  path: '/api/v1/repository/connection/test',
  permission: 'settings:write',
  summary: 'Have the worker fetch, try to push beside the branches, and ask the API for its permissions',
  response: CommandAnswer,
  answer: 'command',
})
