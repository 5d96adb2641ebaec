import { holdChanges, refuseChanges, type RefusedTag } from '../hold/index.ts'
import { parseManifestFile } from '../manifest/index.ts'
import type { Problem } from '../problem/index.ts'
import type { ValuesSource } from '../release/types.ts'
import {
  detectContainers,
  editDocument,
  restoreSpec,
  type DocumentChange,
  type DocumentTarget,
} from '../values/index.ts'
import type { ChartPin } from './pin-chart.ts'

export interface RollbackInput {
  target: DocumentTarget
  /** The target's file at the head of the branch; on a moved head it is planned anew. */
  current: string
  /** The file at the commit of the revision to go back to, and the document's id there if it was another. */
  earlier: { text: string; id?: string }
  pin: ChartPin
  /** Tags of the revision that is left; those the earlier one does not have are refused from now on. */
  left: readonly RefusedTag[]
  /** Absent = an undo, which holds nothing and refuses nothing. `until` is RFC 3339. */
  hold?: { user: string; message: string; until?: string }
  /** Sources of values that the earlier document names. */
  valuesFrom: readonly ValuesSource[]
}

export type PlannedRollback =
  | {
      ok: true
      /** The whole file afterwards. */
      text: string
      /** What is edited besides the spec. */
      changes: DocumentChange[]
      refused: RefusedTag[]
      /** What stays as it is now because it lies outside of the document, in sentences. */
      notRestored: string[]
    }
  | { ok: false; problem: Problem }

/**
 * The way back as one edit of one document (§9.12): its spec as of the earlier revision's commit, the chart pinned if it
 * moved since, the hold, and the tags not to come back to. Nothing else of the file changes.
 */
export function planRollback(input: RollbackInput): PlannedRollback {
  const { target, earlier, hold } = input
  const restored = restoreSpec(input.current, target, earlier)
  if (!restored.ok) return restored
  const annotations = annotationsOf(restored.text, target.id)
  const refused = hold ? tagsToRefuse(restored.text, target.id, annotations, input.left) : []
  const changes: DocumentChange[] = [
    ...pinChange(input.pin),
    ...(hold ? holdChanges(annotations, hold) : []),
    ...refuseChanges(annotations, refused),
  ]
  const edited = editDocument(restored.text, target, changes)
  if (!edited.ok) return edited
  return { ok: true, text: edited.text, changes, refused, notRestored: notRestored(input) }
}

function annotationsOf(text: string, id: string): Readonly<Record<string, string>> {
  const { documents } = parseManifestFile({ path: '', text, blob: '' })
  return documents.find((document) => document.id === id)?.object.metadata.annotations ?? {}
}

function tagsToRefuse(
  restored: string,
  id: string,
  annotations: Readonly<Record<string, string>>,
  left: readonly RefusedTag[],
): RefusedTag[] {
  const { containers } = detectContainers(restored, { id }, annotations)
  const tags = new Map(containers.map(({ name, image }) => [name, image.tag]))
  return left.filter(({ container, tag }) => tags.has(container) && tags.get(container) !== tag)
}

function pinChange(pin: ChartPin): DocumentChange[] {
  return pin.kind === 'pin' ? [{ kind: 'scalar', path: pin.path, value: pin.value }] : []
}

function notRestored({ pin, valuesFrom }: RollbackInput): string[] {
  const sources = valuesFrom.flatMap((source) => {
    switch (source.kind) {
      case 'configmap':
        return [`ConfigMap ${source.namespace}/${source.name} is read as it is now.`]
      case 'secret':
        return [`Secret ${source.namespace}/${source.name} is read as it is now.`]
      case 'url':
        return [`${withoutQuery(source.url)} is read as it is now.`]
      case 'chart-file':
        return []
    }
  })
  return [...(pin.kind === 'cannot' ? [pin.reason] : []), ...new Set(sources)]
}

/** An address may carry a token. */
function withoutQuery(url: string): string {
  if (!URL.canParse(url)) return 'A URL of values'
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
