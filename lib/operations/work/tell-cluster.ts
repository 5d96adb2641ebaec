import type { WorkerDeps } from './deps.ts'

/** Which Kubernetes and which helm this installation runs with, for the settings page. Best effort: the page does without. */
export async function tellCluster(deps: Pick<WorkerDeps, 'cluster' | 'helm' | 'store' | 'log'>): Promise<void> {
  try {
    const { cluster } = deps
    const [server, version, helm] = await Promise.all([cluster.server(), cluster.version(), deps.helm.version()])
    await deps.store.setFact('cluster', { server, version, helm })
  } catch (error) {
    deps.log.warn('versions of cluster and helm not told', { error: String(error) })
  }
}
