import { applyRank } from './apply-order.ts'
import { parseObjectId } from './object-id.ts'
import type { ObjectId } from './types.ts'

/** The namespace an object stands in; a Namespace counts as standing in itself. */
function placeOf(id: ObjectId): { rank: number; namespace: string } {
  const { kind, name, namespace } = parseObjectId(id) ?? { kind: '', name: '', namespace: '' }
  return { rank: applyRank(kind), namespace: kind === 'namespace' ? name : namespace }
}

/** Whether an object has to stay for now: `remaining` holds something of its namespace that is applied after it. */
export function isStillNeeded(id: ObjectId, remaining: Iterable<ObjectId>): boolean {
  const own = placeOf(id)
  for (const other of remaining) {
    const { rank, namespace } = placeOf(other)
    if (namespace === own.namespace && rank > own.rank) return true
  }
  return false
}
