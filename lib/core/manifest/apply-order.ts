import { parseObjectId } from './object-id.ts'
import type { ManifestDocument } from './types.ts'

const ranks: readonly (readonly string[])[] = [
  ['namespace'],
  ['customresourcedefinition', 'serviceaccount', 'clusterrole', 'role', 'persistentvolume', 'service'],
  [
    'resourcequota',
    'limitrange',
    'secret',
    'configmap',
    'rolebinding',
    'clusterrolebinding',
    'persistentvolumeclaim',
    'ingress',
  ],
  ['daemonset', 'deployment', 'replicationcontroller', 'replicaset', 'job', 'cronjob', 'statefulset'],
]

/** Place of a kind in the order of applying, 0 first; whatever nothing else depends on comes last (Flux v1 `rankOfKind`). */
export function applyRank(kind: string): number {
  const rank = ranks.findIndex((kinds) => kinds.includes(kind.toLowerCase()))
  return rank === -1 ? ranks.length : rank
}

const rankOf = (document: Pick<ManifestDocument, 'id'>): number => applyRank(parseObjectId(document.id)?.kind ?? '')
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** A new list in the order of applying, by id within a rank. */
export function sortForApply<D extends Pick<ManifestDocument, 'id'>>(documents: readonly D[]): D[] {
  return [...documents].sort((a, b) => rankOf(a) - rankOf(b) || byText(a.id, b.id))
}

/** A new list in the order of deleting: what was applied last goes first. */
export function sortForDelete<D extends Pick<ManifestDocument, 'id'>>(documents: readonly D[]): D[] {
  return sortForApply(documents).toReversed()
}
