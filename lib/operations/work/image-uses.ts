import { releaseId } from '#lib/core/identity/index.ts'
import { environmentOfRelease } from '#lib/core/pipeline/index.ts'
import { repositoryName } from '#lib/core/image/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { Container } from '#lib/core/values/index.ts'
import type { WorkerDeps } from './deps.ts'

/** One container of one release that takes its image from a repository. */
export interface ImageUse {
  release: DesiredRelease
  container: Container
}

/** Canonical repositories that releases use, with who uses them: what is watched. */
export function usesByRepository(deps: Pick<WorkerDeps, 'memory'>): Map<string, ImageUse[]> {
  const uses = new Map<string, ImageUse[]>()
  for (const release of deps.memory.snapshot?.releases ?? [])
    for (const container of release.containers) {
      const name = repositoryName(container.image)
      const known = uses.get(name)
      if (known) known.push({ release, container })
      else uses.set(name, [{ release, container }])
    }
  return uses
}

/**
 * The uses of each tag whose pods would notice that it moved or vanished: a digest beside the tag pins them. Where no tag
 * is written at all, `latest` is pulled, unless the chart's own values may name one.
 */
export function usesByTag(uses: readonly ImageUse[]): Map<string, ImageUse[]> {
  const pulled = uses.filter(({ container: { image, tagPath } }) => {
    const leftToChart = image.tag === undefined && tagPath.at(-1) === 'tag'
    return image.digest === undefined && !leftToChart
  })
  return Map.groupBy(pulled, ({ container }) => container.image.tag ?? 'latest')
}

/** Who they are, for an alert: one release is named by its id, several only in words. */
export function usersOf(deps: Pick<WorkerDeps, 'settings'>, uses: readonly ImageUse[]) {
  const users = [...new Set(uses.map(({ release }) => release.id))]
  const [only] = uses
  if (users.length !== 1 || !only) return { users }
  const { namespace, name, path } = only.release
  return {
    users,
    release: releaseId(deps.settings.clusterName, namespace, name),
    environment: environmentOfRelease({ path, namespace }),
  }
}
