import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { CommandAnswer, Mode, Time } from './shared.ts'

export const Cluster = z.object({
  name: z.string(),
  state: z.enum(['unknown', 'ready', 'unreachable', 'waiting']),
  reason: z.string().optional(),
  /** Address of the API server. */
  server: z.string().optional(),
  version: z.string().optional(),
  helm: z.string().optional(),
  environments: z.array(z.object({ name: z.string(), mode: Mode })),
  /** The last test. */
  test: z
    .object({
      at: Time,
      by: z.string(),
      /** As the API server knows the worker. */
      user: z.string().optional(),
      rights: z.array(z.object({ to: z.enum(['look', 'act']), words: z.string(), allowed: z.boolean() })),
      problem: z.object({ message: z.string(), suggestion: z.string().optional() }).optional(),
    })
    .optional(),
})
export type Cluster = z.infer<typeof Cluster>

export const getCluster = endpoint({
  method: 'GET',
  path: '/api/v1/cluster',
  permission: 'settings:read',
  summary: 'The cluster that is steered: state, versions, and what the last test of it found',
  response: Cluster,
})

export const testCluster = endpoint({
  method: 'POST',
  path: '/api/v1/cluster/test',
  permission: 'settings:write',
  summary: 'Have the worker ask the API server what it may do there; nothing is written',
  response: CommandAnswer,
  answer: 'command',
})
