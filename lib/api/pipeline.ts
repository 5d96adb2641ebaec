import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { Way } from './shared.ts'

export const PipelineGate = z.object({
  gate: z.enum(['health', 'soak', 'approvals', 'freeze']),
  /** `soak 30 min` */
  words: z.string(),
  /** Each of its rules as a sentence. */
  says: z.array(z.string()),
  /** The clock alone keeps it shut now. */
  shut: z.boolean(),
})
export type PipelineGate = z.infer<typeof PipelineGate>

export const PipelineEnvironment = z.object({
  name: z.string(),
  /** In force; empty = it follows at once. */
  gates: z.array(PipelineGate),
})

export const Pipeline = z.object({
  /** In order, sources before what is promoted from them where the order is inferred. */
  environments: z.array(PipelineEnvironment),
  /** Promotions from one environment to the next, whatever is in them; those of an application stand in its row of the matrix. */
  edges: z.array(Way),
  /** Environments that nothing is promoted from or to. */
  beside: z.array(z.string()),
})
export type Pipeline = z.infer<typeof Pipeline>

export const getPipeline = endpoint({
  method: 'GET',
  path: '/api/v1/pipeline',
  permission: 'promotions:read',
  summary: 'Which environment is promoted from where, and through which gates',
  response: Pipeline,
})
