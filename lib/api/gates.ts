import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { CommandAnswer, EnvironmentName, Message, Role, Time } from './shared.ts'

const Approval = z.object({
  name: z.string(),
  email: z.string(),
  decision: z.enum(['approve', 'reject']),
  message: z.string().optional(),
  at: Time,
})

export const GuardedEnvironment = z.object({
  environment: z.string(),
  /** The gates in force, one sentence each; empty = none. */
  gates: z.array(z.string()),
  /** What a commit would make looser: held by the gates as they were. */
  loosening: z
    .object({
      digest: z.string(),
      commit: z.string(),
      author: z.object({ name: z.string(), email: z.string() }),
      since: Time,
      what: z.array(z.string()),
      reason: z.string(),
      approvals: z.array(Approval),
      /** Whose approval the old gates want; absent = none would help. */
      askedOf: z.object({ roles: z.array(Role), separate: z.array(z.enum(['requester', 'author'])) }).optional(),
    })
    .optional(),
})
export type GuardedEnvironment = z.infer<typeof GuardedEnvironment>

export const listGates = endpoint({
  method: 'GET',
  path: '/api/v1/gates',
  permission: 'promotions:read',
  summary: 'Gates in force by environment, and what waits to loosen them',
  response: z.object({ items: z.array(GuardedEnvironment) }),
})

export const approveGates = endpoint({
  method: 'POST',
  path: '/api/v1/gates/{name}/approve',
  permission: 'promotions:approve',
  summary: 'Approve this very loosening of the gates of an environment, or reject it',
  params: z.object({ name: EnvironmentName }),
  body: z.object({
    /** The loosening that was looked at; another one is refused. */
    digest: z.string().min(1).max(200),
    decision: z.enum(['approve', 'reject']).default('approve'),
    message: Message.optional(),
  }),
  response: CommandAnswer,
  answer: 'command',
})
