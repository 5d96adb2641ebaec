import { z } from 'zod'
import type { GuardFact, ProposalsFact } from '#lib/ports/store/index.ts'
import type { ShownConfig } from './shown-config.ts'

/** Facts the worker writes for the pages (`store.setFact`). What does not parse counts as absent. */
const RepositoryFact = z.object({
  url: z.string().optional(),
  branch: z.string().optional(),
  state: z.enum(['unconfigured', 'waiting', 'ready', 'unreachable', 'failed']),
  reason: z.string().optional(),
  /** When the state was last seen. */
  at: z.number().optional(),
  /** Order of environments in `wheelhouse.yaml`. */
  environments: z.array(z.string()).optional(),
})
export type RepositoryFact = z.infer<typeof RepositoryFact>

/** The last `wheelhouse.yaml` that could be read; null = there was none. */
const ConfigFact = z.object({ repository: z.string().optional(), branch: z.string(), text: z.string().nullable() })

/** `wheelhouse.yaml` as it stands at the commit that was read last, whether or not it can be understood. */
const FileFact = z.object({
  repository: z.string().optional(),
  branch: z.string(),
  commit: z.string(),
  /** null = there is none. */
  blob: z.string().nullable(),
  text: z.string().nullable(),
})

const ClusterFact = z.object({
  server: z.string().optional(),
  version: z.string().optional(),
  helm: z.string().optional(),
})

/** State of the worker's watches. */
const ClusterWatchFact = z.object({
  kind: z.enum(['connecting', 'live', 'broken', 'unknown-kind']),
  reason: z.string().optional(),
})

export interface ClusterState extends z.infer<typeof ClusterFact> {
  state: 'unknown' | 'waiting' | 'ready' | 'unreachable'
  reason?: string
}

export function repositoryFact(value: unknown): RepositoryFact | undefined {
  const fact = RepositoryFact.safeParse(value).data
  return fact && { ...fact, url: fact.url === undefined ? undefined : withoutCredentials(fact.url) }
}

/** The same of this branch alone. Where the web process knows of none, what the worker says counts. */
export function currentRepository(value: unknown, shown: Branch): RepositoryFact | undefined {
  const fact = repositoryFact(value)
  const isCurrent = shown.repository === undefined || isOf(fact && { repository: fact.url, branch: fact.branch }, shown)
  return isCurrent ? fact : undefined
}

type Branch = Pick<ShownConfig, 'repository' | 'branch'>

const isOf = (fact: { repository?: string; branch?: string } | null | undefined, { repository, branch }: Branch) =>
  fact?.repository === repository && fact?.branch === branch

/** The last `wheelhouse.yaml` of this branch that could be read (fact `repository-config`); undefined = none is known. */
export function configFact(value: unknown, shown: Branch): { text: string | null } | undefined {
  const fact = ConfigFact.safeParse(value).data
  return isOf(fact, shown) ? fact : undefined
}

/** What `wheelhouse.yaml` of this branch says; nothing is known, or nothing written = everything is inferred. */
export function configText(value: unknown, shown: Branch): string | undefined {
  return configFact(value, shown)?.text ?? undefined
}

/** The file that the worker read last in this branch (fact `wheelhouse-file`); undefined = it has read none yet. */
export function fileFact(value: unknown, shown: Branch): z.infer<typeof FileFact> | undefined {
  const fact = FileFact.safeParse(value).data
  return isOf(fact, shown) ? fact : undefined
}

/** The gates that the worker holds environments to (fact `guards`); nothing of another repository or branch. */
export function guardsFact(value: unknown, shown: Branch): GuardFact['environments'] {
  const fact = value as Partial<GuardFact> | null | undefined
  return (isOf(fact, shown) && fact?.environments) || {}
}

/** What is known of the cluster, from the facts `cluster` and `cluster-watch`. */
export function clusterState(cluster: unknown, watch: unknown): ClusterState {
  const known = ClusterFact.safeParse(cluster).data ?? {}
  const seen = ClusterWatchFact.safeParse(watch).data
  switch (seen?.kind) {
    case undefined:
      return { ...known, state: 'unknown' }
    case 'connecting':
      return { ...known, state: 'waiting' }
    case 'broken':
      return { ...known, state: 'unreachable', reason: seen.reason }
    case 'live':
    case 'unknown-kind':
      return { ...known, state: 'ready' }
  }
}

/** A repository's URL as it may be shown; also the name its snapshots are kept under. */
export function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  parsed.username = ''
  parsed.password = ''
  return parsed.toString()
}

/** Pull requests of the branch that is shown; nothing of another one. */
export function proposalsShown(value: unknown, shown: Branch): Pick<ProposalsFact, 'proposals' | 'protection'> {
  const fact = value as Partial<ProposalsFact> | null | undefined
  if (fact?.repository !== shown.repository || fact?.branch !== shown.branch) return { proposals: [] }
  return { proposals: fact?.proposals ?? [], protection: fact?.protection }
}
