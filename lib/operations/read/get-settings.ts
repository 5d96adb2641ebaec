import { orderEnvironments } from '#lib/core/pipeline/index.ts'
import type { Mode } from '#lib/core/release/types.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { ImageRepositoryRecord, Store } from '#lib/ports/store/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'
import { allReleases } from './all-releases.ts'
import { clusterState, currentRepository, repositoryFact } from './facts.ts'
import type { ClusterState } from './facts.ts'
import type { ShownConfig } from './shown-config.ts'

export interface SettingsView {
  cluster: { name: string } & ClusterState
  repository: { url?: string; branch: string }
  registries: { host: string; repositories: number; insecure: boolean; problem?: Problem }[]
  environments: { name: string; mode: Mode }[]
  worker: { state: 'running'; holder: string; until: number } | { state: 'absent' }
  version: string
}

interface Deps {
  store: Pick<Store, 'getFact' | 'listImageRepositories' | 'environmentModes' | 'leaseHolder' | 'listReleases'>
  clock: Clock
  shown: ShownConfig
}

/** How this installation is set up; read-only facts without credentials. */
export async function getSettings(deps: Deps, caller: Caller): Promise<SettingsView> {
  ask(caller, 'settings:read')
  const { shown, store } = deps
  const [cluster, watch, repository, images, modes, releases, lease] = await Promise.all([
    store.getFact('cluster'),
    store.getFact('cluster-watch'),
    store.getFact('repository'),
    store.listImageRepositories(),
    store.environmentModes(),
    allReleases(deps),
    store.leaseHolder(`cluster:${shown.clusterName}`),
  ])
  return {
    cluster: { name: shown.clusterName, ...clusterState(cluster, watch) },
    repository: { url: currentRepository(repository, shown)?.url ?? shown.repository, branch: shown.branch },
    registries: registriesOf(images, shown),
    environments: orderEnvironments(
      [...Object.keys(modes), ...releases.map(({ environment }) => environment)],
      repositoryFact(repository)?.environments,
    ).map((name) => ({ name, mode: (Object.hasOwn(modes, name) ? modes[name] : undefined) ?? shown.defaultMode })),
    worker:
      lease && lease.expiresAt > deps.clock.now()
        ? { state: 'running', holder: lease.holder, until: lease.expiresAt }
        : { state: 'absent' },
    version: shown.version,
  }
}

function registriesOf(images: readonly ImageRepositoryRecord[], shown: ShownConfig): SettingsView['registries'] {
  const hosts = Map.groupBy(images, ({ name }) => name.slice(0, name.indexOf('/')))
  return [...hosts].map(([host, repositories]) => ({
    host,
    repositories: repositories.length,
    insecure: shown.insecureRegistries.includes(host),
    problem: repositories.find(({ problem }) => problem)?.problem,
  }))
}
