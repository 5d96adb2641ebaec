import type { TagFact } from '#lib/core/policy/index.ts'
import type { TagRecord } from '#lib/ports/store/index.ts'

/** A stored tag as policies look at it. */
export function toFact(tag: TagRecord): TagFact {
  return { name: tag.name, created: tag.created, digest: tag.digest, vanished: tag.vanishedAt !== undefined }
}
