import type { Problem } from '../problem/index.ts'
import type { ImageSeen, PromotedImage, PromotionCarrier } from './types.ts'

export interface ImagesVerdict {
  /** What keeps it from ever being written. */
  problems: Problem[]
  /** What is not known yet, in sentences. */
  unknown: string[]
  /** Tags still to be put into the registry. */
  missing: PromotedImage[]
}

/** Whether the images can be written for the target: a tag is never moved, and never names another digest (§9.29). */
export function judgeImages(way: PromotionCarrier, images: readonly ImageSeen[]): ImagesVerdict {
  const verdict: ImagesVerdict = { problems: sharedTags(images), unknown: [], missing: [] }
  for (const image of images) {
    const { container, repository, tag, digest, tagged } = image
    if (tagged.kind === 'unknown') {
      verdict.unknown.push(`Whether ${repository} has ${tag} is not known: ${tagged.reason}`)
    } else if (tagged.kind === 'digest') {
      if (tagged.digest !== digest) verdict.problems.push(otherDigest(image, tagged.digest, way))
    } else if (!mayTag(way)) {
      const message = `${repository} has no tag ${tag}, which ${container} is to run.`
      verdict.problems.push(problem('image-missing', message, 'Push the image there, or promote by re-tagging.'))
    } else if (image.content === 'unknown') {
      verdict.unknown.push(`Whether ${repository} has the image of ${container} is not known.`)
    } else if (image.content === 'missing') {
      const message = `${repository} does not have the image ${shorten(digest)} of ${container}, so it cannot be tagged ${tag}.`
      verdict.problems.push(problem('image-missing', message, 'Push that very image there first.'))
    } else if (image.denied !== undefined) {
      const message = `${repository} takes no tag from Wheelhouse: ${image.denied}`
      verdict.problems.push(problem('push-denied', message, 'Store a push credential for this repository.'))
    } else verdict.missing.push({ container, repository, tag, digest })
  }
  return verdict
}

/** Whether what is missing is put there by us. */
function mayTag(way: PromotionCarrier): boolean {
  return way === 'retag' || way === 'pull-request'
}

function otherDigest({ repository, tag, digest }: ImageSeen, there: string, way: PromotionCarrier): Problem {
  const message = `${repository}:${tag} names ${shorten(there)}, not ${shorten(digest)}.`
  return mayTag(way)
    ? problem('tag-taken', message, 'Choose another tag in the plan: a tag is never moved.')
    : problem('tag-moved', message, 'Look at the plan anew; promote a tag that nobody moves.')
}

/** Two images of one repository cannot have one tag. */
function sharedTags(images: readonly ImageSeen[]): Problem[] {
  const named = Map.groupBy(images, ({ repository, tag }) => `${repository}:${tag}`)
  return [...named].flatMap(([name, same]) => {
    if (new Set(same.map(({ digest }) => digest)).size < 2) return []
    const message = `${same.map(({ container }) => container).join(' and ')} are different images and would both be ${name}.`
    return [problem('tag-taken', message, 'Give each its own tag in the plan.')]
  })
}

function problem(code: string, message: string, suggestion: string): Problem {
  return { code, severity: 'error', message, suggestion }
}

function shorten(digest: string): string {
  return digest.length > 24 ? `${digest.slice(0, 19)}…` : digest
}
