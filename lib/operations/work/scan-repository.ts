import { imageScope } from '#lib/core/alert/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { ImageRepositoryRecord } from '#lib/ports/store/index.ts'
import { checkRunningTags } from './check-running-tags.ts'
import type { WorkerDeps } from './deps.ts'
import { forgetFailingScan, noteFailingScan } from './failing-scans.ts'
import { keepTags, presentTags, type ImageScan } from './image-scan.ts'
import { usesByRepository, usesByTag } from './image-uses.ts'
import { canDecide, readBuildTimes } from './read-build-times.ts'
import { settleAlerts } from './settle-alerts.ts'
import { wakeAwaiting } from './wake-awaiting.ts'

type Deps = Pick<WorkerDeps, 'store' | 'registry' | 'clock' | 'log' | 'memory' | 'settings' | 'wakeups'>

/**
 * Reads the tag list to its last page, then the build times the policies need and nothing twice (§9.6). A half answer
 * changes nothing: the tags stay as they were and the repository shows why. Returns when it is due again.
 */
export async function scanRepository(deps: Deps, name: string): Promise<number> {
  const uses = usesByRepository(deps).get(name)
  const [first] = uses ?? []
  if (!uses || !first) {
    if (deps.memory.snapshot) await leaveRepository(deps, name)
    return deps.clock.now() + deps.settings.scanIntervalMs
  }
  const record = await deps.store.getImageRepository(name)
  const { host, path } = first.container.image
  try {
    const namespaces = [...new Set(uses.map(({ release }) => release.targetNamespace))].sort()
    const registry = await deps.registry(host, namespaces)
    const tags = new Map((await deps.store.allTags(name)).map((tag) => [tag.name, tag]))
    const { snapshot } = deps.memory
    const begun = { begunAt: deps.clock.now(), commit: snapshot?.commit }
    const scan: ImageScan = { name, ...begun, address: { host, path }, registry, uses, tags }
    const read = await readRepository(deps, scan, record?.etag)
    const now = deps.clock.now()
    const nextScanAt = now + deps.settings.scanIntervalMs
    await saveScan(deps, name, record, { ...read, scannedAt: now, nextScanAt, tagCount: presentTags(scan).length })
    await forgetFailingScan(deps, name)
    return nextScanAt
  } catch (error) {
    return noteFailure(deps, name, record, error)
  }
}

/** Whoever can decide is woken as soon as it can: build times and digests of others keep nobody waiting. */
async function readRepository(deps: Deps, scan: ImageScan, etag: string | undefined) {
  const list = await scan.registry.listTags(scan.address, { etag })
  const isRead = list.kind === 'read'
  if (isRead) await storeTagList(deps, scan, list.tags)
  if (isRead) wakeAwaiting(deps, scan.name)
  if (isRead && canDecide(scan)) deps.wakeups.wake('automate', scan.name)
  const unreadable = await readTimes(deps, scan)
  if (await checkRunningTags(deps, scan)) await readTimes(deps, scan)
  // A digest that could not be had when it was needed may be there now.
  if (scan.uses.some(({ container }) => container.image.digest !== undefined)) deps.wakeups.wake('automate', scan.name)
  return {
    etag: isRead ? list.etag : etag,
    problem: unreadable.length > 0 ? unreadableImages(scan.name, unreadable) : undefined,
  }
}

async function readTimes(deps: Deps, scan: ImageScan): Promise<string[]> {
  const { changed, unreadable, failure } = await readBuildTimes(deps, scan)
  if (changed) deps.wakeups.wake('automate', scan.name)
  if (failure !== undefined) throw failure
  return unreadable
}

/** Nobody uses it any more, so that nothing about it is wrong. */
async function leaveRepository(deps: Deps, name: string) {
  await settleAlerts(deps, imageScope(name), { wanted: [], kept: [] })
  await forgetFailingScan(deps, name)
}

/** A tag that is back is read anew; of one that runs the digest is kept, to see whether it is the same image. */
async function storeTagList(deps: Deps, scan: ImageScan, listed: string[]) {
  const now = deps.clock.now()
  const present = new Set(listed)
  const running = usesByTag(scan.uses)
  const fresh = listed.filter((tag) => !scan.tags.has(tag)).map((name) => ({ name, firstSeenAt: now }))
  const back = listed
    .filter((tag) => scan.tags.get(tag)?.vanishedAt !== undefined)
    .map((name) => ({
      name,
      vanishedAt: undefined,
      created: undefined,
      ...(running.has(name) ? {} : { digest: undefined }),
    }))
  const gone = presentTags(scan)
    .filter((tag) => !present.has(tag.name))
    .map(({ name }) => ({ name, vanishedAt: now }))
  await keepTags(deps.store, scan, [...fresh, ...back, ...gone])
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
  await noteFailingScan(deps, name, problem)
  return nextScanAt
}
