import { isValidDigest, isValidTag } from './grammar.ts'
import type { ImageRef } from './types.ts'

/** Docker Hub's canonical host, in Flux v1's spelling. */
export const dockerHubHost = 'index.docker.io'

const dockerHubNames = new Set([dockerHubHost, 'docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'])

/** OCI caps a repository name at 255; the rest leaves room for host, tag and digest. */
const maxLength = 700

const hostPattern = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/i
const pathSegmentPattern = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i

/**
 * Reads an image reference by Flux v1's rules: one segment is a Docker Hub library image; of two, the first is a host
 * if it contains `localhost` or a dotted name; of three or more, the first is always the host.
 *
 * One rule differs: Flux misreads `host:5000/app` (no dot in the host) as a Docker Hub path, so that a registry on a
 * plain host name or port could never be scanned. Here a first segment that ends in a port is a host.
 *
 * Undefined where the text is no reference (blank segments, spaces, a tag or digest outside the OCI grammar).
 */
export function parseImageRef(text: string): ImageRef | undefined {
  if (text === '' || text.length > maxLength) return undefined
  const parts = splitReference(text)
  if (parts.digest !== undefined && !isValidDigest(parts.digest)) return undefined
  if (parts.tag !== undefined && !isValidTag(parts.tag)) return undefined

  const segments = parts.name.split('/')
  const hasHost = segments.length > 2 || (segments.length === 2 && isHost(segments[0] ?? ''))
  const writtenHost = hasHost ? (segments[0] ?? '') : dockerHubHost
  const path = hasHost ? segments.slice(1) : segments
  if (!hostPattern.test(writtenHost) || !path.every((segment) => pathSegmentPattern.test(segment))) return undefined

  const lowerHost = writtenHost.toLowerCase()
  const host = dockerHubNames.has(lowerHost) ? dockerHubHost : lowerHost
  const inLibrary = host === dockerHubHost && path.length === 1
  return {
    written: text,
    host,
    path: inLibrary ? `library/${path.join('/')}` : path.join('/'),
    ...(parts.tag === undefined ? {} : { tag: parts.tag }),
    ...(parts.digest === undefined ? {} : { digest: parts.digest }),
  }
}

/** The reference as text, in the name form it was written in. A digest stands behind the tag and wins when pulled. */
export function formatImageRef(ref: ImageRef): string {
  const name = ref.written === '' ? repositoryName(ref) : splitReference(ref.written).name
  const tag = ref.tag === undefined ? '' : `:${ref.tag}`
  const digest = ref.digest === undefined ? '' : `@${ref.digest}`
  return `${name}${tag}${digest}`
}

/** The same repository, in the same written form, at another tag. The old digest never survives: it names other content. */
export function withTag(ref: ImageRef, tag: string, digest?: string): ImageRef {
  const moved: ImageRef = { written: ref.written, host: ref.host, path: ref.path, tag }
  if (digest !== undefined) moved.digest = digest
  return { ...moved, written: formatImageRef(moved) }
}

/** Canonical `host/path`: the key of a repository, equal for every spelling of it. */
export function repositoryName(ref: Pick<ImageRef, 'host' | 'path'>): string {
  return `${ref.host}/${ref.path}`
}

function splitReference(text: string): { name: string; tag?: string; digest?: string } {
  const at = text.indexOf('@')
  const digest = at < 0 ? undefined : text.slice(at + 1)
  const named = at < 0 ? text : text.slice(0, at)
  const colon = named.lastIndexOf(':')
  if (colon <= named.lastIndexOf('/')) return { name: named, digest }
  return { name: named.slice(0, colon), tag: named.slice(colon + 1), digest }
}

function isHost(segment: string): boolean {
  return segment.includes('localhost') || /[a-z0-9]\.[a-z0-9]/i.test(segment) || /:\d+$/.test(segment)
}
