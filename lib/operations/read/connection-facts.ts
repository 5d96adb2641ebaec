import { z } from 'zod'

/** Facts of the connection to the config repository, written by the worker for the pages. */
export const connectionFact = 'repository-connection'
export const repositoryTestFact = 'repository-test'

const Reach = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('github-app'), host: z.string(), appId: z.string() }),
  z.object({ kind: z.literal('github-token'), host: z.string() }),
  z.object({ kind: z.literal('deploy-key'), host: z.string() }),
  z.object({ kind: z.literal('password'), host: z.string() }),
  z.object({ kind: z.literal('anonymous'), host: z.string() }),
  z.object({ kind: z.literal('local') }),
])

/** What the worker has opened, and who said so. */
const Connection = z.object({
  repository: z.string(),
  branch: z.string(),
  source: z.enum(['environment', 'settings']),
  reach: Reach,
})
export type ConnectionFact = z.infer<typeof Connection>

const Budget = z.object({ limit: z.number(), left: z.number(), resetAt: z.number() })

const Step = z.object({
  name: z.enum(['read', 'write', 'api', 'deploy-key']),
  state: z.enum(['ok', 'warning', 'failed']),
  words: z.string(),
  suggestion: z.string().optional(),
  /** Of the API, where it tells. */
  budget: Budget.optional(),
})
export type TestStep = z.infer<typeof Step>

const Test = z.object({
  repository: z.string(),
  branch: z.string(),
  at: z.number(),
  /** E-mail. */
  by: z.string(),
  steps: z.array(Step),
})
export type RepositoryTest = z.infer<typeof Test>

export const readConnectionFact = (value: unknown): ConnectionFact | undefined => Connection.safeParse(value).data
export const readRepositoryTest = (value: unknown): RepositoryTest | undefined => Test.safeParse(value).data
