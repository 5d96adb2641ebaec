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
  /** Pull requests of ours; one without a number is about to be opened. */
  proposals: z.array(
    z.object({
      branch: z.string(),
      title: z.string(),
      number: z.number().optional(),
      url: z.string().optional(),
      promotion: z.string().optional(),
      /** What keeps it from going on, and what to do. */
      problem: z.string().optional(),
      openedAt: Time,
    }),
  ),
  /** Why the branch takes changes by pull request alone; absent = it takes commits, as far as known. */
  protection: z.string().optional(),
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
