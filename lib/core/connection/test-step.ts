import { z } from 'zod'

/** What one step of the test of a repository found, in words. */
export const TestStep = z.object({
  name: z.enum(['read', 'write', 'api', 'deploy-key']),
  state: z.enum(['ok', 'warning', 'failed']),
  words: z.string(),
  suggestion: z.string().optional(),
  /** Calls of the API that are left until `resetAt` (milliseconds since the epoch), where it tells. */
  budget: z.object({ limit: z.number(), left: z.number(), resetAt: z.number() }).optional(),
})
export type TestStep = z.infer<typeof TestStep>
