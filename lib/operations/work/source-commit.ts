import { commitNamedBy } from '#lib/core/promotion/index.ts'
import type { Container } from '#lib/core/values/index.ts'
import type { SourceHost } from '#lib/ports/source-host.ts'
import type { WorkerDeps } from './deps.ts'

/**
 * The commit that images were built from, by their labels or tags, as the source repository knows it; undefined = they do not
 * say, or not all the same.
 */
export async function commitOfImages(
  deps: Pick<WorkerDeps, 'registry'>,
  host: SourceHost,
  containers: readonly Container[],
  namespace: string,
): Promise<string | undefined> {
  const named = await Promise.all(
    containers.map(async ({ image }) => {
      if (image.tag === undefined) return undefined
      const registry = await deps.registry(image.host, [namespace])
      const facts = await registry.readImage(image, image.tag)
      const name = facts && commitNamedBy(image.tag, facts.labels)
      return name === undefined ? undefined : host.findCommit(name)
    }),
  )
  const [first, ...more] = named
  return more.every((one) => one === first) ? first : undefined
}
