import { Fault } from '#lib/core/fault/index.ts'
import { pickVersion } from '#lib/core/chart/index.ts'
import type { SecretName } from '#lib/core/release/types.ts'
import {
  callOutside,
  downloadFile,
  OutboundFailure,
  retryAfterMs,
  type OutboundCall,
} from '#lib/adapters/outbound-http/index.ts'
import type { ChartAddress, ChartRepository, FoundChart } from '#lib/ports/chart-repository.ts'
import { readCachedIndex, writeCachedIndex, type CachedIndex } from './index-cache.ts'
import { chartVersions } from './parse-index.ts'

export interface ChartRepositoryOptions {
  /** Indexes are kept here; may be deleted at any time. */
  cacheDir: string
  /** host[:port] that may be asked without encryption, beside this machine itself. */
  insecureHosts?: readonly string[]
  /** For the origin of the repository alone: an archive elsewhere is fetched without. */
  credentials?: (host: string, secret: SecretName | undefined) => Promise<Credentials | undefined>
  fetch?: typeof fetch
}

interface Credentials {
  username: string
  password: string
}

const indexLimit = 64 * 1024 * 1024
const archiveLimit = 50 * 1024 * 1024

type Call = Omit<OutboundCall, 'url' | 'timeoutMs' | 'maxBytes'>

/** Helm chart repositories over HTTP: the index is asked for each time and comes again only where it changed. */
export function createChartRepository(options: ChartRepositoryOptions): ChartRepository {
  return {
    async find(source) {
      const base = repositoryUrl(source.url)
      if (!/^[\w.-]+$/.test(source.name)) throw new Fault('invalid', 'This is not the name of a chart.')
      const versions = chartVersions(await fetchIndex(options, base, source), source.name)
      if (versions.length === 0) throw unavailable(`${base.host} has no chart ${source.name}`)
      const picked = pickVersion(
        versions.map(({ version }) => version),
        source.version,
      )
      if (picked.kind === 'invalid') {
        throw new Fault('invalid', `${source.version} is neither a version nor a range of versions of ${source.name}.`)
      }
      const chosen = picked.kind === 'picked' && versions.find(({ version }) => version === picked.version)
      if (!chosen) throw unavailable(`${base.host} has no version of ${source.name} that satisfies ${source.version}`)
      const sha256 = chosen.digest?.toLowerCase().replace(/^sha256:/, '')
      return {
        version: chosen.version,
        location: chosen.urls[0] ?? '',
        ...(sha256 === undefined ? {} : { digest: `sha256:${sha256}` }),
      }
    },
    pull: (source, found, targetFile) => fetchArchive(options, source, found, targetFile),
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

async function fetchIndex(options: ChartRepositoryOptions, base: URL, source: ChartAddress): Promise<string> {
  const url = new URL('index.yaml', base)
  url.search = base.search
  const cached = await readCachedIndex(options.cacheDir, url)
  const answer = await callOutside({
    ...(await callFor(options, base, url, source.secret)),
    url,
    headers: validatorsOf(cached),
    timeoutMs: 60_000,
    maxBytes: indexLimit,
  }).catch((error: unknown) => {
    throw asFault(error)
  })
  if (answer.status === 304 && cached) return cached.text
  if (answer.status !== 200) throw statusFault(answer, `${base.host} answered ${answer.status} for its index`)
  const text = answer.body.toString('utf8')
  // A sign-in page must not replace what was good.
  if (!/^\s*\{|^entries:/m.test(text)) throw unavailable(`${base.host} answered something else than an index`, true)
  const etag = answer.headers.get('etag') ?? undefined
  const lastModified = answer.headers.get('last-modified') ?? undefined
  if (etag !== undefined || lastModified !== undefined) {
    await writeCachedIndex(options.cacheDir, url, { validators: { etag, lastModified }, text })
  }
  return text
}

function validatorsOf(cached: CachedIndex | undefined): Record<string, string> {
  const { etag, lastModified } = cached?.validators ?? {}
  if (etag !== undefined) return { 'if-none-match': etag }
  return lastModified === undefined ? {} : { 'if-modified-since': lastModified }
}

async function fetchArchive(
  options: ChartRepositoryOptions,
  source: ChartAddress,
  found: FoundChart,
  targetFile: string,
): Promise<string> {
  const base = repositoryUrl(source.url)
  if (!URL.canParse(found.location, base))
    throw unavailable(`The index of ${base.host} names no address for the archive`)
  const url = new URL(found.location, base)
  if (url.origin === base.origin && url.search === '') url.search = base.search
  const access = await callFor(options, base, url, source.secret)
  const accepts = (sha256: string) => {
    if (found.digest === undefined || found.digest === `sha256:${sha256}`) return
    throw unavailable(`The archive ${found.version} from ${url.host} does not have the digest of its index`, true)
  }
  const call = { ...access, url, timeoutMs: 5 * 60_000, maxBytes: archiveLimit }
  const result = await downloadFile(call, targetFile, accepts).catch((error: unknown) => {
    throw asFault(error)
  })
  if (result.kind === 'written') return `sha256:${result.sha256}`
  throw statusFault(result, `${url.host} answered ${result.status} for the archive ${found.version}`)
}

async function callFor(
  options: ChartRepositoryOptions,
  base: URL,
  url: URL,
  secret: SecretName | undefined,
): Promise<Call> {
  const own = url.origin === base.origin ? await options.credentials?.(base.host, secret) : undefined
  const basic = own && `Basic ${Buffer.from(`${own.username}:${own.password}`).toString('base64')}`
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  const insecure = isHere || (options.insecureHosts?.includes(url.host) ?? false)
  return { authorization: basic, insecure, fetch: options.fetch }
}

function statusFault({ status, headers }: { status: number; headers: Headers }, message: string): Fault {
  if (status === 401 || status === 403) {
    return new Fault('chart-unavailable', `${message}.`, { suggestion: 'Check the credentials of the repository.' })
  }
  const retryable = status >= 500 || status === 429 || status === 408
  const waitMs = retryAfterMs(headers.get('retry-after'), Date.now())
  return new Fault('chart-unavailable', `${message}.`, { retryable, retryAfterMs: retryable ? waitMs : undefined })
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
