import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isExactVersion, pickVersion } from '#lib/core/chart/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { parseImageRef } from '#lib/core/image/index.ts'
import type { Registry, RepositoryAddress } from '#lib/ports/registry.ts'
import { namesOf, readMetadata } from './chart-metadata.ts'
import { archiveKey, type ArchiveSource, type KnownArchive, type PreparedChart } from './chart-memory.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'helm' | 'registry' | 'chartRepository' | 'settings'> & {
  memory: Pick<WorkerDeps['memory'], 'charts'>
}
type OciSource = Extract<ArchiveSource, { kind: 'oci' }>

/** Whether a source names one archive for good; that of a digest or a whole version does. */
export function isExact(source: ArchiveSource): boolean {
  if (source.kind === 'http') return isExactVersion(source.version)
  return source.digest !== undefined || isExactVersion(source.version ?? source.tag ?? 'latest')
}

/**
 * A chart of a Helm repository or registry, as last seen: what moves is looked at again by `refreshCharts`, what is exact
 * never, so that an archive once had serves for good, also after a restart and while its source is away.
 */
export async function takeArchive(deps: Deps, source: ArchiveSource, namespace: string): Promise<PreparedChart> {
  const { archives } = deps.memory.charts
  const key = archiveKey(source)
  const known = archives.get(key)
  if (known && existsSync(known.chart.path)) return known.chart
  const kept = isExact(source) ? await findOnDisk(deps, key) : undefined
  const taken = kept ?? (await pullArchive(deps, source, [namespace]))
  archives.set(key, taken)
  return taken.chart
}

/**
 * Takes what the source names now; still the `known` one where the source says so. The credentials of the first of the
 * namespaces that has some are used, where the source names none itself.
 */
export async function pullArchive(
  deps: Deps,
  source: ArchiveSource,
  namespaces: readonly string[],
  known?: KnownArchive,
): Promise<KnownArchive> {
  const located =
    source.kind === 'http' ? await locateInRepository(deps, source) : await locateInRegistry(deps, source, namespaces)
  const { revision } = located
  if (known?.revision === revision) return known
  const stem = stemOf(archiveKey(source))
  const partial = join(deps.settings.chartsDir, `${stem}.${randomUUID()}`)
  await mkdir(deps.settings.chartsDir, { recursive: true })
  try {
    const digest = await located.fetch(partial)
    const names = namesOf(await readMetadata(deps.helm, partial, source.url))
    // Named by content: what a running helm reads is never another archive all of a sudden.
    const path = join(deps.settings.chartsDir, `${stem}-${digest.replace('sha256:', '')}.tgz`)
    await rename(partial, path)
    return { chart: { digest, ...names, path }, revision }
  } finally {
    await rm(partial, { force: true })
  }
}

interface Located {
  revision: string
  /** Returns the digest of the archive. */
  fetch(file: string): Promise<string>
}

async function locateInRepository(deps: Deps, source: Exclude<ArchiveSource, OciSource>): Promise<Located> {
  const found = await deps.chartRepository.find(source)
  return {
    revision: found.digest ?? found.version,
    fetch: (file) => deps.chartRepository.pull(source, found, file),
  }
}

async function locateInRegistry(deps: Deps, source: OciSource, namespaces: readonly string[]): Promise<Located> {
  const address = parseImageRef(source.url.replace(/^oci:\/\//, ''))
  if (!address) throw new Fault('invalid', `${source.url} is no OCI reference.`)
  const registry = await deps.registry(address.host, namespaces, { secret: source.secret, insecure: source.insecure })
  const revision = source.digest ?? (await digestOfTag(registry, address, await tagOf(registry, address, source)))
  return { revision, fetch: async (file) => (await registry.pullChart(address, revision, file)).digest }
}

/** `+` stands as `_` in tags, as Helm does it. */
async function tagOf(registry: Registry, address: RepositoryAddress, source: OciSource): Promise<string> {
  const { version, tag = 'latest' } = source
  if (version === undefined) return tag
  if (isExactVersion(version)) return version.replaceAll('+', '_')
  const listed = await registry.listTags(address)
  const versions = listed.kind === 'read' ? listed.tags.map((name) => name.replaceAll('_', '+')) : []
  const picked = pickVersion(versions, version)
  if (picked.kind === 'picked') return picked.version.replaceAll('+', '_')
  if (picked.kind === 'invalid') {
    throw new Fault('invalid', `${version} is neither a version nor a range of versions of ${source.url}.`)
  }
  throw new Fault('not-found', `${source.url} has no version that satisfies ${version}.`)
}

async function digestOfTag(registry: Registry, address: RepositoryAddress, tag: string): Promise<string> {
  const head = await registry.headTag(address, tag)
  if (head) return head.digest
  throw new Fault('not-found', `The registry has no chart ${address.path} ${tag}.`)
}

/** Archives of one source begin with the same characters. */
export function stemOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}

/** One with its digest in its name is only believed where that is right. */
async function findOnDisk(deps: Deps, key: string): Promise<KnownArchive | undefined> {
  const { chartsDir } = deps.settings
  const names = await readdir(chartsDir).catch(() => [])
  for (const name of names.filter((file) => file.startsWith(`${stemOf(key)}-`) && file.endsWith('.tgz'))) {
    const path = join(chartsDir, name)
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    if (!name.endsWith(`-${digest}.tgz`)) continue
    const metadata = await readMetadata(deps.helm, path, name).catch(() => undefined)
    if (metadata) return { chart: { digest: `sha256:${digest}`, ...namesOf(metadata), path } }
  }
  return undefined
}
