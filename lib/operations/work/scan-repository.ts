import { repositoryName } from '#lib/core/image/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { Container } from '#lib/core/values/index.ts'
import type { ImageRepositoryRecord } from '#lib/ports/store/index.ts'
import { checkRunningTags } from './check-running-tags.ts'
import type { WorkerDeps } from './deps.ts'
import { readBuildTimes } from './read-build-times.ts'

type Deps = Pick<WorkerDeps, 'store' | 'registry' | 'clock' | 'log' | 'memory' | 'settings' | 'wakeups'>

/** A container that runs an image of the repository. */
export interface Use {
  release: DesiredRelease
  container: Container
}

/** Canonical repositories that releases use, with who uses them: what is watched. */
export function usesByRepository(deps: Pick<Deps, 'memory'>): Map<string, Use[]> {
  const uses = new Map<string, Use[]>()
  for (const release of deps.memory.snapshot?.releases ?? [])
    for (const container of release.containers) {
      const name = repositoryName(container.image)
      uses.set(name, [...(uses.get(name) ?? []), { release, container }])
    }
  return uses
}

/**
 * Reads the tag list to its last page, then the build times the policies need and nothing twice (§9.6). A half answer
 * changes nothing: the tags stay as they were and the repository shows why. Returns when it is due again.
 */
export async function scanRepository(deps: Deps, name: string): Promise<number> {
  const uses = usesByRepository(deps).get(name)
  const first = uses?.[0]
  if (!uses || !first) return deps.clock.now() + deps.settings.scanIntervalMs
  const record = await deps.store.getImageRepository(name)
  const address = { host: first.container.image.host, path: first.container.image.path }
  try {
    const namespaces = [...new Set(uses.map(({ release }) => release.targetNamespace))].sort()
    const registry = await deps.registry(address.host, namespaces)
    const list = await registry.listTags(address, { etag: record?.etag })
    if (list.kind === 'read') await storeTagList(deps, name, list.tags)
    const { changed, unreadable } = await readBuildTimes(deps, registry, address, name, uses)
    await checkRunningTags(deps, registry, address, name, uses)
    const nextScanAt = deps.clock.now() + deps.settings.scanIntervalMs
    const tags = await deps.store.allTags(name)
    await saveScan(deps, name, record, {
      scannedAt: deps.clock.now(),
      nextScanAt,
      tagCount: tags.filter((tag) => tag.vanishedAt === undefined).length,
      etag: list.kind === 'read' ? list.etag : record?.etag,
      problem: unreadable.length > 0 ? unreadableImages(name, unreadable) : undefined,
    })
    // A digest that could not be had when it was needed may be there now.
    const pinned = uses.some(({ container }) => container.image.digest !== undefined)
    if (list.kind === 'read' || changed || pinned) deps.wakeups.wake('automate', name)
    return nextScanAt
  } catch (error) {
    return noteFailure(deps, name, record, error)
  }
}

async function storeTagList(deps: Deps, name: string, listed: string[]) {
  const now = deps.clock.now()
  const known = new Map((await deps.store.allTags(name)).map((tag) => [tag.name, tag]))
  const present = new Set(listed)
  const fresh = listed
    .filter((tag) => !known.has(tag))
    .map((tag) => ({ repository: name, name: tag, firstSeenAt: now }))
  const back = listed.filter((tag) => known.get(tag)?.vanishedAt !== undefined)
  const gone = [...known.values()].filter((tag) => !present.has(tag.name) && tag.vanishedAt === undefined)
  await deps.store.saveTags([
    ...fresh,
    ...back.map((tag) => ({
      repository: name,
      name: tag,
      vanishedAt: undefined,
      created: undefined,
      digest: undefined,
    })),
    ...gone.map((tag) => ({ repository: name, name: tag.name, vanishedAt: now })),
  ])
}

/** They block nobody and are read again with every scan; whoever pushed them should know. */
function unreadableImages(name: string, tags: readonly string[]): Problem {
  const shown = tags.slice(0, 3).join(', ') + (tags.length > 3 ? ` and ${tags.length - 3} more` : '')
  return {
    code: 'image-unreadable',
    severity: 'warning',
    message: `The registry lists ${shown} and gives no image that can be read for it.`,
    suggestion: 'Push the image again, or delete the tag.',
    subject: name,
  }
}

async function saveScan(
  deps: Deps,
  name: string,
  record: ImageRepositoryRecord | undefined,
  change: Partial<ImageRepositoryRecord> & Pick<ImageRepositoryRecord, 'nextScanAt'>,
) {
  await deps.store.saveImageRepository(
    { name, scannedAt: record?.scannedAt, tagCount: record?.tagCount ?? 0, etag: record?.etag, ...change },
    record?.nextScanAt,
  )
}

/** The registry's own wish (`Retry-After`) first, else a minute; the tags stay as they were. */
async function noteFailure(
  deps: Deps,
  name: string,
  record: ImageRepositoryRecord | undefined,
  error: unknown,
): Promise<number> {
  if (!(error instanceof Fault)) throw error
  const nextScanAt = deps.clock.now() + Math.min(Math.max(error.retryAfterMs ?? 60_000, 1_000), 900_000)
  const problem: Problem = {
    code: error.code,
    severity: 'error',
    message: error.message,
    suggestion: error.suggestion ?? 'Check the repository name and the credentials for this registry.',
    subject: name,
  }
  deps.log.warn('scan failed', { repository: name, code: error.code })
  await saveScan(deps, name, record, { nextScanAt, problem })
  return nextScanAt
}
