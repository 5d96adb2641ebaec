import { parseObjectId, type ManifestDocument } from '../manifest/index.ts'
import type { Snapshot } from './types.ts'

export interface Removal {
  /** Gone from Git for certain, in no order. */
  removed: ManifestDocument[]
  /** Not seen, but a file that cannot be read may still hold them: neither changed nor deleted. */
  kept: { document: ManifestDocument; because: string }[]
}

/** Whether a file that cannot be read is so since before; one that was already broken cannot have taken a document in. */
function newlySpoiled(previous: Snapshot, next: Snapshot): string[] {
  const before = new Map([...previous.files].map(([blob, { path }]) => [path, blob]))
  const after = new Map([...next.files].map(([blob, { path }]) => [path, blob]))
  return [...next.spoiledPaths].filter((path) => {
    const blob = after.get(path)
    return !(previous.spoiledPaths.has(path) && blob !== undefined && before.get(path) === blob)
  })
}

/** What a commit removed, compared with the snapshot before it. A moved document is not removed. */
export function removedDocuments(previous: Snapshot, next: Snapshot): Removal {
  const present = new Set(next.documents.map(({ id }) => id))
  const spoiled = newlySpoiled(previous, next)
  const removal: Removal = { removed: [], kept: [] }
  for (const document of previous.documents) {
    if (present.has(document.id)) continue
    const { path } = document
    if (next.spoiledPaths.has(path)) {
      removal.kept.push({ document, because: `${path} has a problem` })
    } else if (spoiled.length > 0) {
      removal.kept.push({ document, because: `it may have moved to ${spoiled.join(', ')}, which has a problem` })
    } else {
      removal.removed.push(document)
    }
  }
  return removal
}

export type DeletionDecision =
  { kind: 'keep'; reason: string } | { kind: 'ask'; reason: string } | { kind: 'delete'; reason: string }

const alwaysAsked: Record<string, string> = {
  namespace: 'Namespace',
  persistentvolumeclaim: 'PersistentVolumeClaim',
  customresourcedefinition: 'CustomResourceDefinition',
  statefulset: 'StatefulSet',
}

/**
 * What becomes of removed objects under the policy of their environment (§9.19). Even `on` asks for more than 5 objects, for more
 * than 10 % of the `total` under management before, and for kinds that take data with them.
 */
export function guardDeletion(ids: readonly string[], total: number, policy: 'off' | 'ask' | 'on'): DeletionDecision {
  if (ids.length === 0) return { kind: 'keep', reason: 'Nothing was removed.' }
  if (policy === 'off') return { kind: 'keep', reason: 'Deletion is off in this environment.' }
  if (policy === 'ask') return { kind: 'ask', reason: 'Deletion needs consent in this environment.' }
  const grave = ids.map((id) => alwaysAsked[parseObjectId(id)?.kind ?? '']).find((kind) => kind !== undefined)
  if (grave) return { kind: 'ask', reason: `A ${grave} is never deleted without consent.` }
  if (ids.length > 5) return { kind: 'ask', reason: `${ids.length} objects at once need consent.` }
  if (ids.length * 10 > total) return { kind: 'ask', reason: `${ids.length} of ${total} objects are more than 10 %.` }
  return { kind: 'delete', reason: 'Removed from Git; deletion is on in this environment.' }
}
