import { releaseId } from '#lib/core/identity/index.ts'
import { repositoryName } from '#lib/core/image/index.ts'
import { policyOf } from '#lib/core/policy/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { ReleaseImage } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'

/**
 * The images of a release as its document has them. A problem that was met on the way stays with the image and the filter
 * it was met with; whoever met it takes it back.
 */
export function imagesOf(deps: Pick<WorkerDeps, 'memory' | 'settings'>, desired: DesiredRelease): ReleaseImage[] {
  const { namespace, name, automation } = desired
  const known = deps.memory.releases.get(releaseId(deps.settings.clusterName, namespace, name))?.images ?? []
  return desired.containers.map((container) => {
    const { problem } = policyOf(desired, container)
    const refused = automation.refused[container.name] ?? []
    const image: ReleaseImage = {
      container: container.name,
      image: container.image.written,
      repository: repositoryName(container.image),
      tag: container.image.tag,
      digest: container.image.digest,
      policy: automation.filters[container.name]?.written,
      automated: automation.automated && !automation.ignored,
      ...(refused.length > 0 ? { refusedTags: refused } : {}),
      ...(problem ? { problem } : {}),
    }
    const before = known.find((other) => other.container === image.container)
    const isSame = before?.image === image.image && before.policy === image.policy
    return before?.met && isSame && !problem ? { ...image, problem: before.problem, met: before.met } : image
  })
}
