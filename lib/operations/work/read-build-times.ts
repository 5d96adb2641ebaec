import { Fault } from '#lib/core/fault/index.ts'
import { policyOf, tagsNeedingTime, type TagFact } from '#lib/core/policy/index.ts'
import type { TagRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { keepTags, presentTags, type ImageScan, type TagChange } from './image-scan.ts'
import { usesByTag, type ImageUse } from './image-uses.ts'
import { toFact } from './tag-fact.ts'

/** Images read at the same time from one repository; the registry's own budget limits the rate. */
const parallelReads = 6
/** Tags without a readable image that one scan asks for again; a repository may be full of them. */
const retriesPerScan = 50

/**
 * Reads the build times that the policies need and nothing twice (§9.6). A tag that is listed without an image that can
 * be read counts as one without a time, so that it blocks nobody, and is tried again with the next scan. A registry that
 * fails ends the reading with `failure`: what was read by then is kept, so that a limited registry is worked off step by
 * step.
 */
export async function readBuildTimes(
  deps: Pick<WorkerDeps, 'store'>,
  scan: ImageScan,
): Promise<{ changed: boolean; unreadable: string[]; failure?: unknown }> {
  const queue = wantedTags(scan)
  const read: TagChange[] = []
  let failure: unknown
  const reader = async () => {
    for (let tag = queue.pop(); tag !== undefined && failure === undefined; tag = queue.pop()) {
      try {
        read.push(await readTag(scan, tag))
      } catch (error) {
        failure ??= error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallelReads, queue.length) }, reader))
  const running = usesByTag(scan.uses)
  const news = read.filter((tag) => isNews(tag, scan.tags.get(tag.name), running.has(tag.name)))
  await keepTags(deps.store, scan, news)
  const unreadable = read.filter(({ digest }) => digest === undefined).map(({ name }) => name)
  return { changed: news.length > 0, unreadable: unreadable.sort(), failure }
}

/** A tag that runs and names another image now is no mere news: that is noticed where running tags are checked. */
function isNews(tag: TagChange, before: TagRecord | undefined, runs: boolean): boolean {
  if (runs && before?.digest !== undefined && tag.digest !== before.digest) return false
  return tag.created !== before?.created || tag.digest !== before?.digest
}

/** Whether somebody's policy can decide by what is known: by version, or because all times are read. */
export function canDecide(scan: ImageScan): boolean {
  const facts = presentTags(scan).map(toFact)
  return scan.uses.some((use) => needed(use, facts)?.length === 0)
}

function wantedTags(scan: ImageScan): string[] {
  const present = presentTags(scan)
  // Without a digest it was never read; asked again, it may have an image now.
  const retried = new Set(
    present.filter((tag) => tag.created === null && tag.digest === undefined).map(({ name }) => name),
  )
  const facts = present.map((tag) => (retried.has(tag.name) ? { ...toFact(tag), created: undefined } : toFact(tag)))
  const wanted = [...new Set(scan.uses.flatMap((use) => needed(use, facts) ?? []))]
  const again = wanted.filter((tag) => retried.has(tag)).slice(0, retriesPerScan)
  return [...again, ...wanted.filter((tag) => !retried.has(tag))]
}

/** undefined = nothing is decided for this container. */
function needed({ release, container }: ImageUse, facts: readonly TagFact[]): string[] | undefined {
  const { policy } = policyOf(release, container)
  if (!policy || !release.automation.automated) return undefined
  return tagsNeedingTime(policy, facts, container.image.tag)
}

async function readTag({ registry, address }: ImageScan, tag: string): Promise<TagChange> {
  try {
    const image = await registry.readImage(address, tag)
    return image ? { name: tag, created: image.created, digest: image.digest } : { name: tag, created: null }
  } catch (error) {
    if (error instanceof Fault && error.code === 'registry-answer-invalid') return { name: tag, created: null }
    throw error
  }
}
