import { repositoryName } from '#lib/core/image/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { tagsNeedingTime } from '#lib/core/policy/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { Container } from '#lib/core/values/index.ts'
import type { Registry, RepositoryAddress } from '#lib/ports/registry.ts'
import type { ImageRepositoryRecord, TagRecord } from '#lib/ports/store/index.ts'
import { policyOf, toFact } from './automate-release.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'registry' | 'clock' | 'log' | 'memory' | 'settings' | 'wakeups'>

/** Image configs read at the same time from one repository; the registry's own budget limits the rate. */
const parallelReads = 6

interface Use {
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
    const changed = await readFacts(deps, registry, address, name, uses)
    await checkRunningTags(deps, registry, address, name, uses)
    const nextScanAt = deps.clock.now() + deps.settings.scanIntervalMs
    const tags = await deps.store.allTags(name)
    await saveScan(deps, name, record, {
      scannedAt: deps.clock.now(),
      nextScanAt,
      tagCount: tags.filter((tag) => tag.vanishedAt === undefined).length,
      etag: list.kind === 'read' ? list.etag : record?.etag,
      problem: undefined,
    })
    if (list.kind === 'read' || changed) deps.wakeups.wake('automate', name)
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

/** Build times of matching tags not read yet. Reading one tag fails only that tag, until the next scan. */
async function readFacts(deps: Deps, registry: Registry, address: RepositoryAddress, name: string, uses: Use[]) {
  const tags = await deps.store.allTags(name)
  const facts = tags.filter((tag) => tag.vanishedAt === undefined).map(toFact)
  const wanted = new Set<string>()
  for (const { release, container } of uses) {
    const { policy } = policyOf(release, container)
    if (policy && release.automation.automated)
      for (const tag of tagsNeedingTime(policy, facts, container.image.tag)) wanted.add(tag)
  }
  const queue = [...wanted]
  const read: Pick<TagRecord, 'repository' | 'name' | 'created' | 'digest'>[] = []
  const reader = async () => {
    for (let tag = queue.pop(); tag !== undefined; tag = queue.pop()) {
      const image = await registry.readImage(address, tag)
      if (image) read.push({ repository: name, name: tag, created: image.created, digest: image.digest })
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(parallelReads, queue.length) }, reader))
  } finally {
    // What was read before a failure is kept, so that a limited registry is worked off step by step.
    if (read.length > 0) await deps.store.saveTags(read)
  }
  return read.length > 0
}

/** A tag that runs and now names another image, or is gone, is an alert and never a silent change (§9.7). */
async function checkRunningTags(deps: Deps, registry: Registry, address: RepositoryAddress, name: string, uses: Use[]) {
  const tags = new Map((await deps.store.allTags(name)).map((tag) => [tag.name, tag]))
  const running = new Set(uses.map(({ container }) => container.image.tag).filter((tag) => tag !== undefined))
  const now = deps.clock.now()
  for (const tag of running) {
    const record = tags.get(tag)
    await flag(
      deps,
      tag === 'latest',
      `latest-in-use:${name}`,
      'latest-in-use',
      `${name}:latest is in use`,
      'Nobody can tell which image runs under this tag.',
      'Name a version or a digest in the release.',
      uses,
      now,
    )
    await flag(
      deps,
      record?.vanishedAt !== undefined,
      `tag-vanished:${name}:${tag}`,
      'tag-vanished',
      `${name}:${tag} is gone from the registry`,
      'Pods that are rescheduled cannot pull it any more.',
      'Push the image again or release another tag.',
      uses,
      now,
    )
    if (!record || record.vanishedAt !== undefined) continue
    const head = await registry.headTag(address, tag)
    const moved = head !== undefined && record.digest !== undefined && head.digest !== record.digest
    if (moved) {
      await deps.store.saveTags([
        {
          repository: name,
          name: tag,
          digest: head.digest,
          moved: { from: record.digest as string, at: now },
          created: undefined,
        },
      ])
    } else if (head && record.digest === undefined) {
      await deps.store.saveTags([{ repository: name, name: tag, digest: head.digest }])
    }
    if (moved)
      await flag(
        deps,
        true,
        `tag-moved:${name}:${tag}:${head.digest}`,
        'tag-moved',
        `${name}:${tag} names another image now`,
        `It was ${record.digest}, it is ${head.digest}. Running pods keep the old image, new ones get the new.`,
        'Release an immutable tag.',
        uses,
        now,
      )
  }
}

async function flag(
  deps: Deps,
  wrong: boolean,
  key: string,
  kind: string,
  title: string,
  detail: string,
  nextStep: string,
  uses: Use[],
  now: number,
) {
  if (!wrong) return deps.store.recoverAlert(key, now)
  const release = uses[0]?.release
  await deps.store.openAlert(
    { key, kind, severity: 'warning', title, detail: `${detail} Used by ${release?.id ?? 'nothing'}.`, nextStep },
    now,
  )
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
