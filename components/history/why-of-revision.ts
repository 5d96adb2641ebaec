import type { Revision } from '#lib/api/release-schemas.ts'

/** `registry:5000/team/app:v1@sha256:…` → its last part. */
const lastPart = (image: string): string => image.slice(image.lastIndexOf('/') + 1)
const tagOf = (image: string): string => {
  const name = lastPart(image)
  const at = name.search(/[:@]/)
  return at < 0 ? name : name.slice(at + 1)
}

/**
 * What a revision brought, for the column Why: `dev-a → dev-b`, `chart 0.2.0 → 0.2.1`, both, or in the words recorded
 * with it where neither moved. `before` = the revision it replaced, if that is known.
 */
export function whyOfRevision(revision: Revision, before: Revision | undefined): string {
  if (!before) return revision.cause ?? revision.description
  const chart =
    before.chartVersion === revision.chartVersion ? [] : [`chart ${before.chartVersion} → ${revision.chartVersion}`]
  const changes = [...moves(revision, before), ...chart]
  return changes.length > 0 ? changes.join(', ') : (revision.cause ?? revision.description)
}

function moves(revision: Revision, before: Revision): string[] {
  const several = revision.images.length > 1
  return revision.images.flatMap(({ container, image }) => {
    const old = before.images.find((one) => one.container === container)?.image
    if (old === undefined || old === image) return []
    const sameRepository =
      old.slice(0, old.length - tagOf(old).length) === image.slice(0, image.length - tagOf(image).length)
    const move = sameRepository ? `${tagOf(old)} → ${tagOf(image)}` : `${lastPart(old)} → ${lastPart(image)}`
    return [several ? `${container} ${move}` : move]
  })
}
