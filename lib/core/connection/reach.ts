import { z } from 'zod'

/** By what the worker gets at the repository. `host` with its port, where that is not the usual one. */
export const RepositoryReach = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('github-app'), host: z.string(), appId: z.string() }),
  z.object({ kind: z.literal('github-token'), host: z.string() }),
  z.object({ kind: z.literal('deploy-key'), host: z.string() }),
  z.object({ kind: z.literal('password'), host: z.string() }),
  z.object({ kind: z.literal('anonymous'), host: z.string() }),
  z.object({ kind: z.literal('local') }),
])
export type RepositoryReach = z.infer<typeof RepositoryReach>
