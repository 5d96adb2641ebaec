import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { TagVerdictKind } from './images.ts'
import { Problem, Time } from './shared.ts'

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
