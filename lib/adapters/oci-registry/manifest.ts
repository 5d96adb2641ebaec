import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isValidDigest } from '#lib/core/image/index.ts'
import { invalidAnswer } from './registry-fault.ts'
import type { RegistryClient } from './registry-client.ts'

/** What we can read, best first. Schema 1 is last: old registries then convert nothing for us. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
  'application/vnd.docker.distribution.manifest.v1+json',
]

export const manifestLimit = 4 * 1024 * 1024
export const configLimit = 8 * 1024 * 1024

const Digest = z.string().refine(isValidDigest)
export const Descriptor = z.object({ mediaType: z.string().optional(), digest: Digest, size: z.number().optional() })
const Platform = z.object({ os: z.string().optional(), architecture: z.string().optional() })

export const Manifest = z.object({
  mediaType: z.string().optional(),
  annotations: z.record(z.string(), z.unknown()).nullish(),
  config: Descriptor.optional(),
  layers: z.array(Descriptor).nullish(),
  manifests: z.array(Descriptor.extend({ platform: Platform.nullish() })).nullish(),
  /** Schema 1 only. */
  schemaVersion: z.number().optional(),
  history: z.array(z.object({ v1Compatibility: z.string() })).nullish(),
})
export type Manifest = z.infer<typeof Manifest>

export interface ReadManifest {
  digest: string
  mediaType: string
  manifest: Manifest
}

/** undefined = no such tag or digest. The digest is checked, unless the manifest carries signatures (schema 1). */
export async function getManifest(
  client: RegistryClient,
  path: string,
  reference: string,
): Promise<ReadManifest | undefined> {
  const endpoint = `manifests/${reference}`
  const headers = { accept: manifestTypes.join(', ') }
  const answer = await client.call({ path, endpoint, what: `manifest ${reference}`, headers, maxBytes: manifestLimit })
  if (answer.status !== 200) return undefined
  const what = `the manifest ${reference} of ${path}`
  const mediaType = mediaTypeOf(answer.headers)
  const told = digestOf(answer.headers)
  const computed = sha256(answer.body)
  const expected = isValidDigest(reference) ? reference : told
  const signed = mediaType.includes('distribution.manifest.v1+')
  if (expected !== undefined && expected.startsWith('sha256:') && expected !== computed && !signed) {
    throw invalidAnswer(`The content of ${what} does not have the digest it is sold under.`)
  }
  const manifest = parseWith(Manifest, answer.body, what)
  return { digest: expected ?? computed, mediaType: mediaType || (manifest.mediaType ?? ''), manifest }
}

/** A JSON blob, its digest checked. */
export async function getJsonBlob(client: RegistryClient, path: string, digest: string): Promise<Buffer> {
  const what = `blob ${digest.slice(0, 19)}`
  const answer = await client.call({ path, endpoint: `blobs/${digest}`, what, maxBytes: configLimit })
  if (answer.status !== 200) throw invalidAnswer(`${path} has no ${what}, although its manifest names it.`)
  if (digest.startsWith('sha256:') && sha256(answer.body) !== digest) {
    throw invalidAnswer(`The content of ${what} of ${path} does not have that digest.`)
  }
  return answer.body
}

export function digestOf(headers: Headers): string | undefined {
  const digest = headers.get('docker-content-digest')
  return digest !== null && isValidDigest(digest) ? digest : undefined
}

export function mediaTypeOf(headers: Headers): string {
  return (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

export function parseWith<T>(schema: z.ZodType<T>, body: Buffer, what: string): T {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    throw invalidAnswer(`The answer for ${what} is not JSON.`)
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw invalidAnswer(`The answer for ${what} is not what the OCI specification says.`)
  return parsed.data
}

function sha256(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`
}
