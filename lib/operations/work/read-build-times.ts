import { Fault } from '#lib/core/fault/index.ts'
import { tagsNeedingTime } from '#lib/core/policy/index.ts'
import type { Registry, RepositoryAddress } from '#lib/ports/registry.ts'
import type { TagRecord } from '#lib/ports/store/index.ts'
import { policyOf, toFact } from './automate-release.ts'
import type { WorkerDeps } from './deps.ts'
import type { Use } from './scan-repository.ts'

/** Images read at the same time from one repository; the registry's own budget limits the rate. */
const parallelReads = 6

type TimeRead = Pick<TagRecord, 'repository' | 'name' | 'created' | 'digest'>

/**
 * Reads the build times that the policies need and nothing twice (§9.6). A tag that is listed without an image that can
 * be read counts as one without a time, so that it blocks nobody, and is tried again with the next scan. A registry that
 * fails ends the reading: what was read by then is kept, so that a limited registry is worked off step by step.
 */
export async function readBuildTimes(
  deps: Pick<WorkerDeps, 'store'>,
  registry: Registry,
  address: RepositoryAddress,
  name: string,
  uses: readonly Use[],
): Promise<{ changed: boolean; unreadable: string[] }> {
  const tags = await deps.store.allTags(name)
  const queue = wantedTags(tags, uses)
  const read: TimeRead[] = []
  let failure: unknown
  const reader = async () => {
    for (let tag = queue.pop(); tag !== undefined && failure === undefined; tag = queue.pop()) {
      try {
        read.push({ repository: name, name: tag, ...(await timeOf(registry, address, tag)) })
      } catch (error) {
        failure ??= error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallelReads, queue.length) }, reader))
  const before = new Map(tags.map((tag) => [tag.name, tag]))
  const news = read.filter((tag) => tag.created !== before.get(tag.name)?.created || tag.digest !== undefined)
  if (news.length > 0) await deps.store.saveTags(news)
  if (failure !== undefined) throw failure
  const unreadable = read.filter(({ digest }) => digest === undefined).map((tag) => tag.name)
  return { changed: news.length > 0, unreadable: unreadable.sort() }
}

function wantedTags(tags: readonly TagRecord[], uses: readonly Use[]): string[] {
  // Without a digest it was never read; asked again, it may have an image now.
  const facts = tags
    .filter(({ vanishedAt }) => vanishedAt === undefined)
    .map((tag) => (tag.digest === undefined ? { ...toFact(tag), created: undefined } : toFact(tag)))
  const wanted = new Set<string>()
  for (const { release, container } of uses) {
    const { policy } = policyOf(release, container)
    if (!policy || !release.automation.automated) continue
    for (const tag of tagsNeedingTime(policy, facts, container.image.tag)) wanted.add(tag)
  }
  return [...wanted]
}

async function timeOf(registry: Registry, address: RepositoryAddress, tag: string) {
  try {
    const image = await registry.readImage(address, tag)
    return { created: image ? image.created : null, digest: image?.digest }
  } catch (error) {
    if (error instanceof Fault && error.code === 'registry-answer-invalid') return { created: null, digest: undefined }
    throw error
  }
}
