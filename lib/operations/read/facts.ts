import { z } from 'zod'

/** Facts the worker writes for the pages (`store.setFact`). What does not parse counts as absent. */
const RepositoryFact = z.object({
  url: z.string().optional(),
  branch: z.string().optional(),
  state: z.enum(['unconfigured', 'waiting', 'ready', 'unreachable', 'failed']),
  reason: z.string().optional(),
  fetchedAt: z.number().optional(),
  /** Order of environments in `wheelhouse.yaml`. */
  environments: z.array(z.string()).optional(),
})
export type RepositoryFact = z.infer<typeof RepositoryFact>

const ClusterFact = z.object({
  server: z.string().optional(),
  version: z.string().optional(),
  helm: z.string().optional(),
  state: z.enum(['unknown', 'waiting', 'ready', 'unreachable']),
  reason: z.string().optional(),
})
export type ClusterFact = z.infer<typeof ClusterFact>

export function repositoryFact(value: unknown): RepositoryFact | undefined {
  const fact = RepositoryFact.safeParse(value).data
  return fact && { ...fact, url: withoutCredentials(fact.url) }
}

export function clusterFact(value: unknown): ClusterFact | undefined {
  return ClusterFact.safeParse(value).data
}

/** A URL as it may be shown. */
export function withoutCredentials(url: string | undefined): string | undefined {
  return url?.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1')
}
