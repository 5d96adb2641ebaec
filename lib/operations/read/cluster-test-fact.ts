import { z } from 'zod'

/** What the worker found when it was last asked to test the cluster. */
export const clusterTestFact = 'cluster-test'

const Right = z.object({
  to: z.enum(['look', 'act']),
  /** Goes behind "may": `see namespaces`. */
  words: z.string(),
  allowed: z.boolean(),
})
export type ClusterRight = z.infer<typeof Right>

const Test = z.object({
  cluster: z.string(),
  at: z.number(),
  /** E-mail. */
  by: z.string(),
  /** As the API server knows the worker; undefined = it does not tell. */
  user: z.string().optional(),
  rights: z.array(Right),
  problem: z.object({ message: z.string(), suggestion: z.string().optional() }).optional(),
})
export type ClusterTest = z.infer<typeof Test>

export const readClusterTest = (value: unknown): ClusterTest | undefined => Test.safeParse(value).data
