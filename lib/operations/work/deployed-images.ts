import { parseImageRef } from '#lib/core/image/index.ts'
import type { DeployedImages } from '#lib/core/pipeline/index.ts'
import type { ReleaseRecord, RevisionRecord, Store } from '#lib/ports/store/index.ts'

export interface DeployedRevision {
  images: DeployedImages
  at: number
}

/** What a release had deployed, oldest first, by digest as far as the registry's tags are known. */
export async function deployedImages(
  store: Pick<Store, 'listRevisions' | 'allTags'>,
  release: Pick<ReleaseRecord, 'id'>,
): Promise<DeployedRevision[]> {
  const { items } = await store.listRevisions(release.id)
  const worked = items.filter(({ status }) => status === 'deployed' || status === 'superseded').toReversed()
  const digests = await digestsOf(store, worked)
  return worked.map(({ images, updatedAt }) => ({
    images: Object.fromEntries(images.map(({ container, image }) => [container, digests(image)])),
    at: updatedAt,
  }))
}

async function digestsOf(store: Pick<Store, 'allTags'>, revisions: readonly RevisionRecord[]) {
  const references = revisions.flatMap(({ images }) => images.map(({ image }) => parseImageRef(image)))
  const repositories = new Set(
    references.flatMap((reference) => (reference ? [`${reference.host}/${reference.path}`] : [])),
  )
  const known = new Map<string, string | undefined>()
  for (const repository of repositories)
    for (const { name, digest } of await store.allTags(repository)) known.set(`${repository}:${name}`, digest)
  return (image: string): string | undefined => {
    const reference = parseImageRef(image)
    if (!reference) return undefined
    return reference.digest ?? known.get(`${reference.host}/${reference.path}:${reference.tag ?? 'latest'}`)
  }
}
