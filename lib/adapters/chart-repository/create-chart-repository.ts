import { createHash, randomBytes } from 'node:crypto'
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from '#lib/core/fault/index.ts'
import { callOutside, downloadFile, OutboundFailure, type OutboundCall } from '#lib/adapters/outbound-http/index.ts'
import type { ChartRepository } from '#lib/ports/chart-repository.ts'
import type { Log } from '#lib/ports/log.ts'
import { chooseVersion } from './choose-version.ts'
import { readCachedIndex, writeCachedIndex, type CachedIndex } from './index-cache.ts'
import { chartVersions, type ChartVersion } from './parse-index.ts'

export interface ChartRepositoryOptions {
  /** Indexes and archives are kept here; may be deleted at any time. */
  cacheDir: string
  /** host[:port] that may be asked without encryption, beside this machine itself. */
  insecureHosts?: readonly string[]
  /** For the origin of the repository alone: an archive elsewhere is fetched without. */
  credentials?: (host: string) => Promise<{ username: string; password: string } | undefined>
  fetch?: typeof fetch
  log: Log
}

const indexLimit = 64 * 1024 * 1024
const archiveLimit = 50 * 1024 * 1024

type Call = Omit<OutboundCall, 'url' | 'timeoutMs' | 'maxBytes'>

/** Helm chart repositories over HTTP. An exact version seen before is still there when its repository is not. */
export function createChartRepository(options: ChartRepositoryOptions): ChartRepository {
  return {
    pull: async (source, targetFile) => {
      const base = repositoryUrl(source.url)
      if (!/^[\w.-]+$/.test(source.name)) throw new Fault('invalid', 'This is not the name of a chart.')
      const index = await readIndex(options, base, source.version, source.name)
      const versions = chartVersions(index, source.name)
      if (versions.length === 0) throw unavailable(`${base.host} has no chart ${source.name}`)
      const chosen = chooseVersion(versions, source.version, source.name)
      const digest = await fetchArchive(options, base, chosen, targetFile)
      return { version: chosen.version, digest: `sha256:${digest}` }
    },
  }
}

function repositoryUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new Fault('invalid', 'This is not the address of a Helm chart repository.')
  }
  url.username = ''
  url.password = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

async function readIndex(options: ChartRepositoryOptions, base: URL, version: string, name: string): Promise<string> {
  const url = new URL('index.yaml', base)
  url.search = base.search
  const cached = await readCachedIndex(options.cacheDir, url)
  try {
    return await fetchIndex(options, base, url, cached)
  } catch (error) {
    const known = cached && chartVersions(cached.text, name).some((candidate) => candidate.version === version)
    if (!known || !(error instanceof Fault) || !error.retryable) throw error
    options.log.warn('chart repository does not answer, its last index is used', { host: base.host, chart: name })
    return cached.text
  }
}

async function fetchIndex(
  options: ChartRepositoryOptions,
  base: URL,
  url: URL,
  cached: CachedIndex | undefined,
): Promise<string> {
  const headers: Record<string, string> = {}
  if (cached?.validators.etag !== undefined) headers['if-none-match'] = cached.validators.etag
  else if (cached?.validators.lastModified !== undefined) headers['if-modified-since'] = cached.validators.lastModified
  const call = { ...(await callFor(options, base, url)), url, headers, timeoutMs: 60_000, maxBytes: indexLimit }
  const answer = await callOutside(call).catch((error: unknown) => {
    throw asFault(error)
  })
  if (answer.status === 304 && cached) return cached.text
  if (answer.status !== 200) throw statusFault(answer.status, `${base.host} answered ${answer.status} for its index`)
  const text = answer.body.toString('utf8')
  // A sign-in page must not replace what was good.
  if (!/^\s*\{|^entries:/m.test(text)) throw unavailable(`${base.host} answered something else than an index`, true)
  const etag = answer.headers.get('etag') ?? undefined
  const lastModified = answer.headers.get('last-modified') ?? undefined
  if (etag !== undefined || lastModified !== undefined || cached === undefined || cached.text !== text) {
    await writeCachedIndex(options.cacheDir, url, { validators: { etag, lastModified }, text })
  }
  return text
}

/** Returns the SHA-256 of the archive, hex. */
async function fetchArchive(
  options: ChartRepositoryOptions,
  base: URL,
  chosen: ChartVersion,
  targetFile: string,
): Promise<string> {
  const expected = chosen.digest?.toLowerCase().replace(/^sha256:/, '')
  const kept = expected !== undefined && /^[0-9a-f]{64}$/.test(expected) ? expected : undefined
  const keptFile = join(options.cacheDir, 'archives', `${kept}.tgz`)
  if (kept !== undefined && (await hasContent(keptFile, kept))) {
    await place(keptFile, targetFile)
    return kept
  }
  const written = chosen.urls[0] ?? ''
  if (!URL.canParse(written, base)) throw unavailable(`The index of ${base.host} names no address for the archive`)
  const url = new URL(written, base)
  if (url.origin === base.origin && url.search === '') url.search = base.search
  const call = { ...(await callFor(options, base, url)), url, timeoutMs: 5 * 60_000, maxBytes: archiveLimit }
  const accepts = (sha256: string) => {
    if (expected === undefined || expected === sha256) return
    throw unavailable(`The archive ${chosen.version} from ${url.host} does not have the digest of its index`)
  }
  const result = await downloadFile(call, targetFile, accepts).catch((error: unknown) => {
    throw asFault(error)
  })
  if (result.kind === 'answered') {
    throw statusFault(result.status, `${url.host} answered ${result.status} for the archive ${chosen.version}`)
  }
  if (kept !== undefined) {
    await mkdir(dirname(keptFile), { recursive: true, mode: 0o700 })
    await place(targetFile, keptFile)
  }
  return result.sha256
}

async function callFor(options: ChartRepositoryOptions, base: URL, url: URL): Promise<Call> {
  const own = url.origin === base.origin ? await options.credentials?.(base.host) : undefined
  const basic = own && `Basic ${Buffer.from(`${own.username}:${own.password}`).toString('base64')}`
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  const insecure = isHere || (options.insecureHosts?.includes(url.host) ?? false)
  return { authorization: basic, insecure, fetch: options.fetch }
}

async function hasContent(file: string, sha256: string): Promise<boolean> {
  const content = await readFile(file).catch(() => undefined)
  return content !== undefined && createHash('sha256').update(content).digest('hex') === sha256
}

/** Copies so that the file appears whole. */
async function place(from: string, to: string): Promise<void> {
  const part = `${to}.${randomBytes(6).toString('hex')}.part`
  try {
    await copyFile(from, part)
    await rename(part, to)
  } finally {
    await rm(part, { force: true })
  }
}

function statusFault(status: number, message: string): Fault {
  if (status === 401 || status === 403) {
    return new Fault('chart-unavailable', `${message}.`, { suggestion: 'Check the credentials of the repository.' })
  }
  return unavailable(message, status >= 500 || status === 429 || status === 408)
}

function unavailable(message: string, retryable = false): Fault {
  return new Fault('chart-unavailable', `${message}.`, { retryable })
}

function asFault(error: unknown): unknown {
  if (!(error instanceof OutboundFailure)) return error
  if (error.reason === 'insecure') {
    return new Fault('invalid', `${error.message}.`, { suggestion: 'Use https, or allow plain HTTP for this host.' })
  }
  return new Fault('chart-unavailable', `Chart repository: ${error.message}.`, {
    cause: error,
    retryable: ['network', 'timeout', 'aborted'].includes(error.reason),
  })
}
