import { parseObjectId, type ObjectId } from '../manifest/index.ts'
import type { Snapshot } from './types.ts'

/** A document that was applied, and the file that held it. */
interface Held {
  object: ObjectId
  path: string
}

export interface Removal<Known extends Held> {
  /** Gone from Git for certain, in no order. */
  removed: Known[]
  /** Not seen, but a file that cannot be read may still hold them: neither changed nor deleted. */
  kept: { document: Known; because: string }[]
}

/** Files that cannot be read now; one that was broken to the letter before cannot have taken a document in. */
function newlySpoiled(previous: Snapshot | undefined, next: Snapshot): string[] {
  const before = new Map([...(previous?.files ?? [])].map(([blob, { path }]) => [path, blob]))
  const after = new Map([...next.files].map(([blob, { path }]) => [path, blob]))
  return [...next.spoiledPaths].filter((path) => {
    const blob = after.get(path)
    return !(previous?.spoiledPaths.has(path) && blob !== undefined && before.get(path) === blob)
  })
}

/** Files that came to be built by kustomize; a document may have moved into one. */
function newlyPassedOver(previous: Snapshot | undefined, next: Snapshot): string[] {
  return [...next.passedOver].flatMap(([path, owner]) =>
    owner === 'kustomize' && !previous?.passedOver.has(path) ? [path] : [],
  )
}

/** Whether a file stands in the tree without its documents being known. */
export function isUnread({ spoiledPaths, passedOver }: Snapshot, path: string): boolean {
  return spoiledPaths.has(path) || passedOver.has(path)
}

/** Which of the known documents a commit removed. A moved document is not removed. `previous` is absent after a restart. */
export function removedDocuments<Known extends Held>(
  known: Iterable<Known>,
  previous: Snapshot | undefined,
  next: Snapshot,
): Removal<Known> {
  const present = new Set(next.documents.map(({ id }) => id))
  const hidden = [...newlySpoiled(previous, next), ...newlyPassedOver(previous, next)]
  const removal: Removal<Known> = { removed: [], kept: [] }
  for (const document of known) {
    const { object, path } = document
    if (present.has(object)) continue
    if (isUnread(next, path)) {
      removal.kept.push({ document, because: `${path} is there, and cannot be read` })
    } else if (hidden.length > 0) {
      removal.kept.push({ document, because: `it may have moved to ${hidden.join(', ')}, which cannot be read` })
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
  persistentvolume: 'PersistentVolume',
  customresourcedefinition: 'CustomResourceDefinition',
  statefulset: 'StatefulSet',
}
const askedFor = (kind: string): string | undefined =>
  Object.hasOwn(alwaysAsked, kind.toLowerCase()) ? alwaysAsked[kind.toLowerCase()] : undefined

/** What a deletion is judged by. */
export interface Leaving {
  object: ObjectId
  /** Kinds that go with it: of a release, what its chart was rendered to; undefined = not known. */
  contains: readonly string[] | undefined
  /** Its annotations wanted it to stay, whatever happens to its document (§1); undefined = not known. */
  ignored: boolean | undefined
  /** Objects that leave with the same commit. */
  gone: number
  /** Objects under management before. */
  total: number
  policy: 'off' | 'ask' | 'on'
  /** The commit before still held it. False after a forced head, an emptied branch, another repository or branch. */
  heldBefore: boolean
}

/**
 * What becomes of an object that left Git under the policy of its environment (§9.19). Even `on` asks where no commit is
 * known that removed it, where its commit removed more than 5 objects or more than 10 % of all, and for kinds that take
 * data with them, also inside a release.
 */
export function guardDeletion(leaving: Leaving): DeletionDecision {
  const { object, contains, ignored, gone, total, policy, heldBefore } = leaving
  if (policy === 'off') return { kind: 'keep', reason: 'Deletion is off in this environment.' }
  if (ignored) return { kind: 'keep', reason: 'Its annotation fluxcd.io/ignore wants it kept.' }
  const grave = askedFor(parseObjectId(object)?.kind ?? '')
  if (grave) return { kind: 'ask', reason: `A ${grave} is never deleted without consent.` }
  const inside = contains?.map(askedFor).find((kind) => kind !== undefined)
  if (inside) return { kind: 'ask', reason: `It holds a ${inside}, which is never deleted without consent.` }
  if (!heldBefore) return { kind: 'ask', reason: 'It was gone already before this commit.' }
  if (gone > 5) return { kind: 'ask', reason: `${gone} objects left Git in one commit.` }
  if (policy === 'ask') return { kind: 'ask', reason: 'Deletion needs consent in this environment.' }
  if (gone * 10 > total) return { kind: 'ask', reason: `${gone} of ${total} objects are more than 10 %.` }
  if (ignored === undefined) return { kind: 'ask', reason: 'Its file could not be read before it was removed.' }
  if (!contains) return { kind: 'ask', reason: 'What its chart deployed is not known.' }
  return { kind: 'delete', reason: 'Removed from Git; deletion is on in this environment.' }
}
