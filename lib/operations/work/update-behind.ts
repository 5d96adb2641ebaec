import { countBehind, pipelineGraph, sourcesOf, type DeployedImages } from '#lib/core/pipeline/index.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import { deployedImages, type DeployedRevision } from './deployed-images.ts'
import type { WorkerDeps } from './deps.ts'
import { patchRelease } from './release-records.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'settings' | 'memory' | 'wakeups'>

/** Counts anew how far the releases of an application are behind what they are promoted from (G2). */
export async function updateBehind(deps: Deps, application: string): Promise<void> {
  const desired = [...deps.memory.releases.values()].filter((record) => record.desired)
  const own = desired.filter((record) => record.application === application)
  const graph = pipelineGraph(deps.memory.config, [...new Set(desired.map(({ environment }) => environment))])
  const has = new Set(own.map(({ environment }) => environment))
  const histories = new Map<string, DeployedRevision[]>()
  const historyOf = async (record: ReleaseRecord) => {
    const known = histories.get(record.id) ?? (await deployedImages(deps.store, record))
    histories.set(record.id, known)
    return known
  }
  for (const record of own) {
    const [source] = sourcesOf(graph, record.environment, has)
    const left = own.find(({ environment }) => environment === source)
    if (!left) continue
    const [theirs, ours] = [await historyOf(left), await historyOf(record)]
    const latest = ours.at(-1)
    const count = latest ? countBehind(theirs.map(byContainer(left)), byContainer(record)(latest)) : 'unknown'
    await patchRelease(deps, record.id, { behind: count === 'unknown' ? undefined : count })
  }
}

/** Both sides under the name of the repository: containers may be called differently. */
function byContainer(record: ReleaseRecord): (revision: DeployedRevision) => DeployedImages {
  const names = new Map(record.images.map(({ container, repository }) => [container, repository]))
  return ({ images }) =>
    Object.fromEntries(Object.entries(images).map(([container, digest]) => [names.get(container) ?? container, digest]))
}
