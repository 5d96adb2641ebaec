import { z } from 'zod'
import { RepositoryReach, TestStep } from '#lib/core/connection/index.ts'

/** Facts of the connection to the config repository, written by the worker for the pages. */
export const connectionFact = 'repository-connection'
export const repositoryTestFact = 'repository-test'

/** What the worker has opened, and who said so. */
const Connection = z.object({
  repository: z.string(),
  branch: z.string(),
  source: z.enum(['environment', 'settings']),
  reach: RepositoryReach,
})
export type ConnectionFact = z.infer<typeof Connection>

const Test = z.object({
  repository: z.string(),
  branch: z.string(),
  at: z.number(),
  /** E-mail. */
  by: z.string(),
  steps: z.array(TestStep),
})
export type RepositoryTest = z.infer<typeof Test>

export const readConnectionFact = (value: unknown): ConnectionFact | undefined => Connection.safeParse(value).data
export const readRepositoryTest = (value: unknown): RepositoryTest | undefined => Test.safeParse(value).data
