import { Fault } from '#lib/core/fault/index.ts'
import { manifestLimit, manifestTypes, mediaTypeOf, digestOf } from './manifest.ts'
import { invalidAnswer } from './registry-fault.ts'
import type { RegistryClient } from './registry-client.ts'

/** As `Registry.addTag`: HEAD, PUT of the very bytes, HEAD. */
export async function addTag(client: RegistryClient, path: string, digest: string, tag: string): Promise<void> {
  const before = await headDigest(client, path, tag)
  if (before === digest) return
  if (before !== undefined)
    throw new Fault('conflict', `${path}:${tag} names another image already; a tag is never moved.`, {
      suggestion: 'Choose another tag.',
    })
  const accept = manifestTypes.join(', ')
  const what = `manifest ${digest.slice(0, 19)}`
  const read = await client.call({
    path,
    endpoint: `manifests/${digest}`,
    what,
    headers: { accept },
    maxBytes: manifestLimit,
  })
  if (read.status !== 200) throw new Fault('not-found', `${path} has no image ${digest.slice(0, 19)}.`)
  const headers = { 'content-type': mediaTypeOf(read.headers) }
  const body = new Uint8Array(read.body)
  await client.call({
    path,
    endpoint: `manifests/${tag}`,
    what: `tag ${tag}`,
    method: 'PUT',
    headers,
    body,
    maxBytes: 65_536,
  })
  const after = await headDigest(client, path, tag)
  if (after !== digest) throw invalidAnswer(`${path}:${tag} does not name ${digest.slice(0, 19)} after it was set.`)
}

async function headDigest(client: RegistryClient, path: string, tag: string): Promise<string | undefined> {
  const answer = await client.call({
    path,
    endpoint: `manifests/${tag}`,
    what: `tag ${tag}`,
    method: 'HEAD',
    headers: { accept: manifestTypes.join(', ') },
    maxBytes: manifestLimit,
  })
  return answer.status === 200 ? digestOf(answer.headers) : undefined
}
