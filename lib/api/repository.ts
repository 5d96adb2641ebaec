import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { CommandAnswer, Problem, Time } from './shared.ts'

export const Snapshot = z.object({
  commit: z.string(),
  parent: z.string().optional(),
  authorName: z.string(),
  subject: z.string(),
  committedAt: Time,
  fetchedAt: Time,
  documents: z.number(),
  releases: z.number(),
  problems: z.array(Problem),
  unsupported: z.array(Problem),
})
export type Snapshot = z.infer<typeof Snapshot>

export const Repository = z.object({
  /** Without credentials; absent = none configured. */
  url: z.string().optional(),
  branch: z.string(),
  /** What the worker last said about it. */
  sync: z.object({
    state: z.enum(['unconfigured', 'waiting', 'ready', 'unreachable', 'failed']),
    reason: z.string().optional(),
    fetchedAt: Time.optional(),
  }),
  /** Absent = nothing fetched yet. */
  head: Snapshot.optional(),
  /** Newest first, at most 20. */
  snapshots: z.array(Snapshot),
  problems: z.array(Problem),
  unsupported: z.array(Problem),
  /** Objects the cluster did not take, or that are not what Git says. */
  inventory: z.object({
    applied: z.number(),
    problems: z.array(z.object({ object: z.string(), kind: z.string(), path: z.string(), problem: Problem })),
  }),
})
export type Repository = z.infer<typeof Repository>

export const getRepository = endpoint({
  method: 'GET',
  path: '/api/v1/repository',
  permission: 'releases:read',
  summary: 'The config repository: head, sync, problems by file and line',
  response: Repository,
})

export const syncRepository = endpoint({
  method: 'POST',
  path: '/api/v1/repository/sync',
  permission: 'sync:write',
  summary: 'Fetch the branch now',
  response: CommandAnswer,
  answer: 'command',
})
