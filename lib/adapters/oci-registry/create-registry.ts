import { Fault } from '#lib/core/fault/index.ts'
import { isValidDigest, isValidTag } from '#lib/core/image/index.ts'
import type { ImageFacts, Registry, RepositoryAddress } from '#lib/ports/registry.ts'
import { addTag } from './add-tag.ts'
import { readContent, timeFromLabels, type ImageContent } from './image-facts.ts'
import { listTags } from './list-tags.ts'
import { digestOf, getManifest, manifestLimit, manifestTypes, mediaTypeOf } from './manifest.ts'
import { pullChart } from './pull-chart.ts'
import { checkRepository, RegistryClient, type RegistryClientOptions } from './registry-client.ts'
import { Remembered } from './remembered.ts'

export interface RegistryOptions extends RegistryClientOptions {
  /** Repositories whose labels, not whose image configuration, tell the build time. Default: none. */
  timeFromLabels?: (repository: RepositoryAddress) => boolean
}

const rememberedImages = 5000

/** One registry host (`host` canonical: Docker Hub is `index.docker.io`) with one credential. */
export function createRegistry(options: RegistryOptions): Registry {
  const client = new RegistryClient(options)
  /** Digest last seen under `path:tag`. */
  const digests = new Remembered<string>(rememberedImages)
  const contents = new Remembered<Promise<ImageContent>>(rememberedImages)

  const headTag = async (repository: RepositoryAddress, tag: string) => {
    check(repository, tag)
    return head(client, repository.path, tag)
  }
  const check = (repository: RepositoryAddress, reference: string) => {
    checkRepository(repository, options.host)
    checkReference(reference)
  }
  const facts = async (repository: RepositoryAddress, digest: string, read: Promise<ImageContent>) => {
    const { created, labels } = await read
    const labelled = options.timeFromLabels?.(repository) ? timeFromLabels(labels) : null
    return { digest, created: labelled ?? created, labels } satisfies ImageFacts
  }
  const readImage = async (repository: RepositoryAddress, tag: string): Promise<ImageFacts | undefined> => {
    check(repository, tag)
    const key = `${repository.path}:${tag}`
    const known = digests.get(key)
    const content = known === undefined ? undefined : contents.get(known)
    if (known !== undefined && content !== undefined) {
      // HEAD is not counted as a pull; what did not move is not fetched again.
      const now = await head(client, repository.path, tag)
      if (!now) return undefined
      if (now.digest === known) return facts(repository, known, content)
    }
    const found = await getManifest(client, repository.path, tag)
    if (!found) return undefined
    const read = contents.get(found.digest) ?? readContent(client, repository.path, found.manifest)
    contents.set(found.digest, read)
    read.catch(() => contents.delete(found.digest))
    digests.set(key, found.digest)
    return facts(repository, found.digest, read)
  }
  return {
    listTags: async (repository, listOptions = {}) => {
      checkRepository(repository, options.host)
      return listTags(client, repository.path, listOptions)
    },
    headTag,
    addTag: async (repository, digest, tag) => {
      check(repository, tag)
      checkReference(digest)
      return addTag(client, repository.path, digest, tag)
    },
    readImage,
    pullChart: async (repository, reference, targetFile) => {
      check(repository, reference.replaceAll('+', '_'))
      return pullChart(client, repository.path, reference, targetFile)
    },
  }
}

async function head(
  client: RegistryClient,
  path: string,
  tag: string,
): Promise<{ digest: string; mediaType: string } | undefined> {
  const answer = await client.call({
    path,
    endpoint: `manifests/${tag}`,
    what: `tag ${tag}`,
    method: 'HEAD',
    headers: { accept: manifestTypes.join(', ') },
    maxBytes: manifestLimit,
  })
  if (answer.status !== 200) return undefined
  const digest = digestOf(answer.headers)
  if (digest !== undefined) return { digest, mediaType: mediaTypeOf(answer.headers) }
  // The header is optional in the specification: then only the content tells.
  const found = await getManifest(client, path, tag)
  return found && { digest: found.digest, mediaType: found.mediaType }
}

function checkReference(reference: string): void {
  if (!isValidTag(reference) && !isValidDigest(reference)) throw new Fault('invalid', 'This is not a tag.')
}
