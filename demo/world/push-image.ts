import { createHash, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { WorldProblem } from './world-problem.ts'

export interface ImageToPush {
  /** host:port, plain HTTP. */
  registry: string
  repository: string
  tag: string
  /** Build time in the image's configuration; default now, null = none. */
  created?: Date | null
  /** `os/arch` each; more than one makes an index. Default `linux/amd64` alone. */
  platforms?: string[]
  labels?: Record<string, string>
  auth?: { username: string; password: string }
}

export interface PushedImage {
  /** `host:port/repository:tag` */
  reference: string
  digest: string
}

interface Descriptor {
  mediaType: string
  digest: string
  size: number
}

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
}

/**
 * Pushes a new image by the OCI distribution protocol: a configuration and one small layer of random content,
 * so that no two pushes have the same digest. Throws `WorldProblem` with the registry's answer when it refuses.
 */
export async function pushImage(image: ImageToPush): Promise<PushedImage> {
  return (await stageImage(image))()
}

/** Uploads everything but the tag; calling the answer sets it, in one request. */
export async function stageImage(image: ImageToPush): Promise<() => Promise<PushedImage>> {
  const { registry, repository, tag, platforms = ['linux/amd64'] } = image
  const reference = `${registry}/${repository}:${tag}`
  const put = (reference: string, mediaType: string, content: unknown) =>
    putManifest(image, reference, mediaType, JSON.stringify(content))
  const manifests: (Descriptor & { platform: { os: string; architecture: string } })[] = []
  for (const platform of platforms) {
    const [os = 'linux', architecture = 'amd64'] = platform.split('/')
    const manifest = await pushPlatform(image, os, architecture)
    if (platforms.length === 1)
      return async () => ({ reference, digest: (await put(tag, types.manifest, manifest)).digest })
    const digest = digestOf(Buffer.from(JSON.stringify(manifest)))
    manifests.push({ ...(await put(digest, types.manifest, manifest)), platform: { os, architecture } })
  }
  const index = { schemaVersion: 2, mediaType: types.index, manifests }
  return async () => ({ reference, digest: (await put(tag, types.index, index)).digest })
}

async function pushPlatform(image: ImageToPush, os: string, architecture: string): Promise<unknown> {
  const content = `${image.repository}:${image.tag}\n${randomBytes(32).toString('hex')}\n`
  const tar = tarOf('image.txt', Buffer.from(content))
  const created = image.created === null ? undefined : (image.created ?? new Date()).toISOString()
  const config = {
    created,
    architecture,
    os,
    config: { Labels: { 'org.opencontainers.image.version': image.tag, ...image.labels } },
    rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    history: [{ created, created_by: 'ci-mock' }],
  }
  const [configBlob, layerBlob] = await Promise.all([
    pushBlob(image, types.config, Buffer.from(JSON.stringify(config))),
    pushBlob(image, types.layer, gzipSync(tar)),
  ])
  return { schemaVersion: 2, mediaType: types.manifest, config: configBlob, layers: [layerBlob] }
}

async function pushBlob(image: ImageToPush, mediaType: string, content: Buffer): Promise<Descriptor> {
  const digest = digestOf(content)
  const opened = await call(image, `${image.repository}/blobs/uploads/`, { method: 'POST' })
  const location = new URL(opened.headers.get('location') ?? '', `http://${image.registry}/`)
  location.searchParams.set('digest', digest)
  const headers = { 'content-type': 'application/octet-stream' }
  await call(image, location, { method: 'PUT', headers, body: new Uint8Array(content) })
  return { mediaType, digest, size: content.length }
}

async function putManifest(
  image: ImageToPush,
  reference: string,
  mediaType: string,
  text: string,
): Promise<Descriptor> {
  const headers = { 'content-type': mediaType }
  await call(image, `${image.repository}/manifests/${reference}`, { method: 'PUT', headers, body: text })
  const content = Buffer.from(text)
  return { mediaType, digest: digestOf(content), size: content.length }
}

async function call(image: ImageToPush, path: string | URL, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers)
  const { auth } = image
  if (auth) headers.set('authorization', `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`)
  const url = path instanceof URL ? path : `http://${image.registry}/v2/${path}`
  const answer = await fetch(url, { ...init, headers }).catch((cause: unknown) => {
    throw new WorldProblem(`The registry ${image.registry} does not answer.`, { cause })
  })
  const body = await answer.text()
  if (!answer.ok)
    throw new WorldProblem(
      `The registry ${image.registry} refused ${init.method}: ${answer.status} ${body.slice(0, 500)}`,
    )
  return answer
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** A tar archive of one file (ustar, 512-byte blocks). */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\0', 257)
  header.write('00', 263)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512)
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)])
}
