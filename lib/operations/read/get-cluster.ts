import type { Mode } from '#lib/core/release/types.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'
import { clusterTestFact, readClusterTest, type ClusterTest } from './cluster-test-fact.ts'
import { getSettings } from './get-settings.ts'
import type { ClusterState } from './facts.ts'

export interface ClusterView extends ClusterState {
  name: string
  test?: Omit<ClusterTest, 'cluster'>
  environments: { name: string; mode: Mode }[]
}

type Deps = Parameters<typeof getSettings>[0] & { store: Pick<Store, 'getFact'> }

/** The cluster that is steered, by whom it knows the worker, and what it lets it do. */
export async function getCluster(deps: Deps, caller: Caller): Promise<ClusterView> {
  ask(caller, 'settings:read')
  const [{ cluster, environments }, tested] = await Promise.all([
    getSettings(deps, caller),
    deps.store.getFact(clusterTestFact).then(readClusterTest),
  ])
  return { ...cluster, environments, test: tested?.cluster === cluster.name ? tested : undefined }
}
