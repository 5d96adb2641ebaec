import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { TagVerdictKind } from './images.ts'
import { ById, Problem, Time } from './shared.ts'

export const PolicySimulation = z.object({
  /** null = nothing would be chosen. */
  selected: z.string().nullable(),
  verdicts: z.array(z.object({ tag: z.string(), verdict: TagVerdictKind, reason: z.string() })),
  problem: Problem.optional(),
})
export type PolicySimulation = z.infer<typeof PolicySimulation>

export const simulatePolicy = endpoint({
  method: 'POST',
  path: '/api/v1/policies/simulate',
  permission: 'policies:simulate',
  summary: 'What a tag filter would choose among given tags, by the engine the automation uses',
  body: z.object({
    pattern: z.string().max(4096),
    current: z.string().max(512).optional(),
    tags: z
      .array(
        z.object({
          name: z.string().min(1).max(512),
          /** Build time: RFC 3339 or milliseconds since the epoch; null = the image carries none. */
          created: z
            .union([
              z
                .string()
                .max(64)
                .refine((text) => Number.isFinite(Date.parse(text)), 'not a time'),
              Time,
            ])
            .nullable()
            .optional(),
        }),
      )
      .max(20_000),
  }),
  response: PolicySimulation,
})

export const PolicyReplay = z.object({
  /** When the first scan ended that is looked at; absent = none is recorded. */
  since: Time.optional(),
  /** Oldest first. */
  moves: z.array(
    z.object({
      at: Time,
      /** Absent = the first choice. */
      from: z.string().optional(),
      to: z.string(),
      reason: z.string(),
      /** It was left before, and is come back to. */
      again: z.boolean(),
    }),
  ),
  /** Tags the filter ever matched. */
  matched: z.number(),
  /** Of these, how many have no build time that was read, where the filter needs one. */
  unread: z.number(),
  problem: Problem.optional(),
})
export type PolicyReplay = z.infer<typeof PolicyReplay>

export const replayPolicy = endpoint({
  method: 'GET',
  path: '/api/v1/releases/{id}/policy-replay',
  permission: 'releases:read',
  summary: 'What a tag filter would have chosen over the recorded scans, by the engine the automation uses',
  params: ById,
  query: z.object({ container: z.string().min(1).max(253), pattern: z.string().max(4096) }),
  response: PolicyReplay,
})
