import { formatImageRef } from '#lib/core/image/index.ts'
import type { ReleaseImage, ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmReleaseId, releaseBehind, type WorkerDeps } from './deps.ts'
import type { Batch, Unwritable } from './edit-batch.ts'
import { imagesOf } from './release-images.ts'
import { patchRelease } from './release-records.ts'

type Deps = Pick<WorkerDeps, 'store' | 'git' | 'clock' | 'settings' | 'memory' | 'wakeups'>

/**
 * Keeps with each image what of it its document does not admit, as of the files at `after`; what was kept as of `before`
 * is not changed by our own commit in between. The automation is told, so that its log says why nothing is written.
 */
export async function noteUnwritable(deps: Deps, batch: Batch, before: string, after: string): Promise<void> {
  const releases = [...deps.memory.releases.values()]
  const stamped = releases.filter(({ path, images }) => batch.files.has(path) && images.some(isUnwritable))
  if (batch.unwritable.length === 0 && stamped.length === 0) return
  const [old, now] = [await blobsAt(deps, before), await blobsAt(deps, after)]
  for (const { id, path, images } of stamped)
    await patchRelease(deps, id, { images: images.map((image) => restamp(image, old.get(path), now.get(path))) })
  for (const [id, own] of Map.groupBy(batch.unwritable, ({ request }) => request.target.id)) {
    const record = releaseBehind(deps, id)
    const images = record && unwritableImages(deps, record, own, now)
    if (!images) continue
    await patchRelease(deps, record.id, { images })
    deps.wakeups.wake('automate', id)
  }
}

async function blobsAt({ git }: Deps, commit: string): Promise<Map<string, string>> {
  return new Map((await git.listFiles(commit)).map((file) => [file.path, file.blob]))
}

const isUnwritable = ({ met }: ReleaseImage): boolean => met?.by === 'edit'

function restamp(image: ReleaseImage, from: string | undefined, to: string | undefined): ReleaseImage {
  const { met } = image
  return met?.by === 'edit' && met.blob === from && to !== undefined ? { ...image, met: { ...met, blob: to } } : image
}

/** Undefined where the release says something else by now. */
function unwritableImages(
  deps: Deps,
  record: ReleaseRecord,
  entries: readonly Unwritable[],
  blobs: ReadonlyMap<string, string>,
): ReleaseImage[] | undefined {
  const release = deps.memory.snapshot?.releases.find((candidate) => candidate.id === helmReleaseId(record))
  const blob = release && blobs.get(release.path)
  if (!release || blob === undefined) return undefined
  const standing = new Map(release.containers.map(({ name, image }) => [name, formatImageRef(image)]))
  const images = imagesOf(deps, release).map((image) => {
    const entry = entries.find(
      ({ change, request }) =>
        change.container === image.container && request.expects[image.container] === standing.get(image.container),
    )
    if (!entry) return image
    const { tag, digest } = entry.change
    const met = { by: 'edit' as const, tag, blob, ...(digest === undefined ? {} : { digest }) }
    return { ...image, problem: { ...entry.problem, subject: image.container }, met }
  })
  return images.some(isUnwritable) ? images : undefined
}
