import { z } from 'zod'

/** Milliseconds since the epoch; all times on the wire are. */
export const Time = z.number()

export const Id = z.string().min(1).max(200)
export const ById = z.object({ id: Id })

/** Page size of every list. */
export const Limit = z.coerce.number().int().min(1).max(500).optional()

/** Keyset paging: `after` is the `next` of the page before. */
export const Paging = z.object({ after: z.string().max(500).optional(), limit: Limit })

/** `next` absent = that was the last page. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().optional() })

export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) })

export const Problem = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  suggestion: z.string().optional(),
  /** File in the config repository. */
  path: z.string().optional(),
  /** 1-based. */
  line: z.number().optional(),
  column: z.number().optional(),
  subject: z.string().optional(),
})
export type Problem = z.infer<typeof Problem>

/** From one environment to another. */
export const Way = z.object({ from: z.string(), to: z.string() })

export const Mode = z.enum(['observe', 'act'])
export const Role = z.enum(['viewer', 'deployer', 'approver', 'admin'])

/** A person's words for the commit, the lock and the audit. */
export const Message = z.string().trim().max(500)

export const EnvironmentName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/i, 'letters, digits, - and .')

/** `done`: the worker did it; `queued`: it still works on it, ask `GET /api/v1/commands/{command}`. */
export const CommandAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('done'),
    command: z.string(),
    message: z.string(),
    /** The operation this led to. */
    operation: z.string().optional(),
  }),
  z.object({ kind: z.literal('queued'), command: z.string() }),
])
export type CommandAnswer = z.infer<typeof CommandAnswer>
